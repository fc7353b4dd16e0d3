// The sheets of a document: one chunk, loaded when the first of them is opened.
export { DownloadSheet } from "./DownloadSheet"
export { ShareDialog } from "./ShareDialog"
export { AboutSheet, JoinSheet, LinkSheet } from "./Sheets"
export { TruthSheet } from "./TruthSheet"
