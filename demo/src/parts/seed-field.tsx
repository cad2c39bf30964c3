import { seed } from "../state/app-state.ts";

const LARGEST = 9999;

/** Where all random numbers come from: the same seed gives the same bits. */
export function SeedField({ disabled }: { readonly disabled: boolean }) {
  return (
    <label class="field">
      Seed
      <input
        type="number"
        min={0}
        max={LARGEST}
        step={1}
        value={seed.value}
        disabled={disabled}
        onChange={({ currentTarget }) => {
          const given = Math.floor(Number(currentTarget.value) || 0);
          seed.value = Math.min(LARGEST, Math.max(0, given));
        }}
      />
    </label>
  );
}
