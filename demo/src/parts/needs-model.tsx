/** Stands where a trained model is needed and there is none. */
export function NeedsModel({ what }: { readonly what: string }) {
  return (
    <p class="needs">
      {what} appears as soon as a model is trained: <a href="#race">train two above</a>.
    </p>
  );
}
