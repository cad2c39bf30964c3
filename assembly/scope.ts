/** Scopes: what is allocated in the arena and recorded on the tape since one was opened goes when it is closed. */
import { Mark, pushMark, rewind } from "./memory";
import { cutTape, isGradEnabled, newestNode, setGradEnabled } from "./tape";

@unmanaged
class Scope extends Mark {
  tape: usize;
  gradEnabled: bool;
}

export function openScope(): usize {
  const scope = pushMark<Scope>();
  scope.tape = newestNode();
  scope.gradEnabled = isGradEnabled();
  return changetype<usize>(scope);
}

export function closeScope(pointer: usize): void {
  const scope = changetype<Scope>(pointer);
  cutTape(scope.tape);
  setGradEnabled(scope.gradEnabled);
  rewind(scope);
}
