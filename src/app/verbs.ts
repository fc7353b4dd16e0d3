// The origin of changes that named verbs of the app make in a document (its title): they leave the document like
// what is typed (protocol §4, the allow-list of origins).
export const VERB: { readonly name: string } = Object.freeze({ name: "verb" })
