import { DecideSection } from "./sections/decide-section.tsx";
import { OwnSection } from "./sections/own-section.tsx";
import { PageHeader } from "./sections/page-header.tsx";
import { RaceSection } from "./sections/race-section.tsx";

export function Page() {
  return (
    <>
      <a class="skip" href="#race">
        Skip to the experiment
      </a>
      <PageHeader />
      <main>
        <RaceSection />
        <DecideSection />
        <OwnSection />
      </main>
    </>
  );
}
