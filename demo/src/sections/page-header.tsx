import { Privacy } from "../parts/privacy.tsx";

const SECTIONS = [
  ["race", "Lazy or not"],
  ["decide", "Who decided?"],
  ["own", "Your own classes"],
  ["confusion", "Mistakes"],
  ["projector", "The projector"],
  ["engine", "Engine room"],
  ["keep", "Take it along"],
] as const;

export function PageHeader() {
  return (
    <header>
      <p class="kicker">altermodal, in your browser</p>
      <h1>Train two senses at once, and see which one goes lazy</h1>
      <p class="say">
        A classifier that sees and reads, trained on this device, while you watch. Trained jointly,
        one sense lets the other do the work. Trained in turn, both learn.
      </p>
      <Privacy />
      <nav aria-label="Sections">
        <ol>
          {SECTIONS.map(([id, name]) => (
            <li key={id}>
              <a href={`#${id}`}>{name}</a>
            </li>
          ))}
        </ol>
      </nav>
    </header>
  );
}
