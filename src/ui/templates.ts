// The templates: what a co-op writes again and again, with the headings that one forgets. Plain Markdown.

export interface Template {
  readonly title: string
  readonly about: string
  readonly markdown: string
}

export const TEMPLATES: readonly Template[] = [
  {
    title: "Minutes",
    about: "Who was there, what was decided, who does what",
    markdown: `## Present

-

## Apologies

-

## Matters from last time

## What we talked about

### First point

## Decisions

| What was decided | Why | Agreed by |
| --- | --- | --- |
|  |  |  |

## To do

- [ ] Who does what, until when

## Next meeting
`,
  },
  {
    title: "Agenda",
    about: "What to talk about, for how long, and who brings it",
    markdown: `**When and where:**

**Who takes the minutes:**

| Point | Brought by | Minutes | What we need |
| --- | --- | --- | --- |
| Welcome, and anything to add |  | 5 |  |
|  |  |  | information, talk or decision |
| Next meeting |  | 5 |  |

## To read before

-
`,
  },
  {
    title: "Decision",
    about: "A proposal, its reasons, and what became of it",
    markdown: `> [!NOTE]
> In one sentence: what is proposed?

## Why now

## What is proposed

## What else was considered

| Option | For | Against |
| --- | --- | --- |
|  |  |  |

## Concerns, and what was done about them

## Outcome

**Decided on:**

**By:**

**To be looked at again on:**
`,
  },
  {
    title: "Policy",
    about: "What holds, for whom, and when it is looked at again",
    markdown: `**In force since:**

**To be looked at again on:**

## What this is for

## Whom it is about

## What holds

1.

## Who looks after it

## If something goes wrong

## Changes

| When | What changed | Decided in |
| --- | --- | --- |
|  |  |  |
`,
  },
  {
    title: "Budget",
    about: "What comes in, what goes out, what is left",
    markdown: `**For the time from … to …**

## Comes in

| From | Expected | Came in |
| --- | --- | --- |
|  |  |  |

## Goes out

| For | Expected | Spent |
| --- | --- | --- |
|  |  |  |

## What is left, and what we do with it

## Assumptions

-
`,
  },
  {
    title: "Letter",
    about: "From us to somebody, on a page",
    markdown: `From:

To:

Date:

**About:**

Dear …,

With kind regards,
`,
  },
]
