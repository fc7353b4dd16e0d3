// A catalogue as compile.ts gives it to an import.
declare module "*.json?words" {
  import type { Say } from "./say"
  import type { Words } from "./shape"

  const tree: (say: Say) => Words
  export default tree
}
