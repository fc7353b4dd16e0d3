// What must be said above whatever is on the screen: each kind of problem once, the newest first, until it is over or
// somebody has read it.
import { type Signal, signal } from "@preact/signals-core"
import type { Problem } from "./model"

export class Notices {
  readonly problems: Signal<readonly Problem[]> = signal([])

  readonly tell = (problem: Problem): void => {
    const told = this.problems.peek()
    // Who can only read here has been told why; that rows of the list are not kept either says nothing new.
    if (problem.kind === "disk-full" && told.some(other => other.kind === "no-room-to-write")) return
    if (!told.some(other => other.kind === problem.kind)) this.problems.value = [problem, ...told]
  }

  tellIf(problem: Problem | null): void {
    if (problem) this.tell(problem)
  }

  /** A problem of that kind is over. */
  readonly mended = (kind: Problem["kind"]): void => {
    this.problems.value = this.problems.peek().filter(problem => problem.kind !== kind)
  }

  dismiss(problem: Problem): void {
    this.problems.value = this.problems.peek().filter(other => other !== problem)
  }
}
