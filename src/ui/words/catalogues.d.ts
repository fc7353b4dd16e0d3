// A catalogue as compile.ts gives it to an import.
declare module "*.json?words" {
  import type { Say } from "./say"
  import type { Words } from "./shape"

  const tree: (say: Say) => Words
  export default tree
}

declare module "*.json?first" {
  import type { FirstWords } from "./first"
  import type { Say } from "./say"

  const tree: (say: Say) => FirstWords
  export default tree
}
