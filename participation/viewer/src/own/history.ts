// Steps that can be taken back and done again.

const MOST = 200;

export class History<T> {
  private readonly past: T[] = [];
  private future: T[] = [];
  private last = "";

  constructor(public now: T) {}

  /** A new step. together : where the last step had the same name, both are one: a drag is taken back at once. */
  put(next: T, together = ""): void {
    if (!together || together !== this.last) {
      this.past.push(this.now);
      if (this.past.length > MOST) this.past.shift();
    }
    this.last = together;
    this.future = [];
    this.now = next;
  }

  /** What comes next is a step of its own. */
  close(): void {
    this.last = "";
  }

  get canGoBack(): boolean {
    return this.past.length > 0;
  }

  get canGoForth(): boolean {
    return this.future.length > 0;
  }

  back(): void {
    const before = this.past.pop();
    if (before === undefined) return;
    this.future.push(this.now);
    this.now = before;
    this.last = "";
  }

  forth(): void {
    const after = this.future.pop();
    if (after === undefined) return;
    this.past.push(this.now);
    this.now = after;
    this.last = "";
  }
}
