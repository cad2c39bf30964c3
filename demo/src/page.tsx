import { ConfusionSection } from "./sections/confusion-section.tsx";
import { DecideSection } from "./sections/decide-section.tsx";
import { EngineSection } from "./sections/engine-section.tsx";
import { KeepSection } from "./sections/keep-section.tsx";
import { OwnSection } from "./sections/own-section.tsx";
import { PageFooter } from "./sections/page-footer.tsx";
import { PageHeader } from "./sections/page-header.tsx";
import { ProjectorSection } from "./sections/projector-section.tsx";
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
        <ConfusionSection />
        <ProjectorSection />
        <EngineSection />
        <KeepSection />
      </main>
      <PageFooter />
    </>
  );
}
