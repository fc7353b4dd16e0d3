// The sheaf glyph, Sheaf's signature: one to three stalks of grain for the copies known to exist, bound
// with twine when they are enough. Drawn by hand on a 24-unit field, one ear of five kernels for all.
// Shape carries the meaning, colour only repeats it, and words always stand beside it.
import type { ComponentChildren } from "preact"
import type { GlyphShape, Tone } from "./standing"

// One ear, its foot at 0,0, growing upwards: a kernel on top, two pairs below.
const TOP = "M0 .4C1.3-.8 1.3-2.8 0-4.4C-1.3-2.8-1.3-.8 0 .4Z"
const RIGHT = "M0 0C1.5-.6 2.5-2 2.4-3.9C.8-3.3-.1-1.8 0 0Z"
const LEFT = "M0 0C-1.5-.6-2.5-2-2.4-3.9C-.8-3.3 .1-1.8 0 0Z"

interface EarProps {
  readonly x: number
  readonly y: number
  readonly lean?: number
  readonly scale?: number
}

function Ear({ x, y, lean = 0, scale = 1 }: EarProps) {
  return (
    <g transform={`translate(${x} ${y}) rotate(${lean}) scale(${scale})`} fill="currentColor" stroke="none">
      <path d={TOP} transform="translate(0 -5.2)" />
      <path d={RIGHT} transform="translate(.15 -3)" />
      <path d={LEFT} transform="translate(-.15 -3)" />
      <path d={RIGHT} transform="translate(.15 .2)" />
      <path d={LEFT} transform="translate(-.15 .2)" />
    </g>
  )
}

const outerStalks = (
  <>
    <path d="M9.6 22C10 18.6 9.2 15.6 7 13" />
    <path d="M14.4 22C14 18.6 14.8 15.6 17 13" />
    <Ear x={6.6} y={12.7} lean={-34} />
    <Ear x={17.4} y={12.7} lean={34} />
  </>
)

const middleStalk = (
  <>
    <path d="M12 22V10.5" />
    <Ear x={12} y={10.6} />
  </>
)

const drawings: Record<GlyphShape, ComponentChildren> = {
  paused: <path d="M9 6v12M15 6v12" stroke-width="2.4" />,
  one: (
    <>
      <path d="M12 22V11.5" />
      <Ear x={12} y={12.2} scale={1.15} />
    </>
  ),
  two: (
    <>
      <path d="M10.2 22C10.6 18 10.2 14.4 8.2 11.6" />
      <path d="M13.8 22C13.4 18 13.8 14.4 15.8 11.6" />
      <Ear x={8.2} y={11.7} lean={-24} scale={1.08} />
      <Ear x={15.8} y={11.7} lean={24} scale={1.08} />
    </>
  ),
  three: (
    <>
      {middleStalk}
      {outerStalks}
    </>
  ),
  bound: (
    <>
      {middleStalk}
      <path d="M7.6 22C9.6 20.2 10.8 18.4 10.7 16.6C10.5 14.6 8.6 13.6 6.4 12.2" />
      <path d="M16.4 22C14.4 20.2 13.2 18.4 13.3 16.6C13.5 14.6 15.4 13.6 17.6 12.2" />
      <Ear x={6.5} y={12.4} lean={-40} />
      <Ear x={17.5} y={12.4} lean={40} />
      <path class="twine" d="M9.4 17.1h5.2" stroke-width="2.4" />
    </>
  ),
  broken: (
    <>
      <path d="M9 22V13.4" />
      <path d="M10 10.4 14.4 8.8" />
      <Ear x={14} y={8.9} lean={98} scale={1.15} />
      <path d="M6.4 11.6 5 10.4" />
      <path d="M8.4 9.4 8 7.6" />
    </>
  ),
  dashed: (
    <>
      <path d="M12 22V13.6" stroke-dasharray="2 2.4" />
      <path d="M12 1.8C15.4 4.6 15.6 9 12 12.6C8.4 9 8.6 4.6 12 1.8Z" stroke-dasharray="2 2.25" />
    </>
  ),
  faded: (
    <>
      {middleStalk}
      <g opacity=".42">{outerStalks}</g>
    </>
  ),
}

interface GlyphProps {
  readonly shape: GlyphShape
  readonly tone?: Tone
  readonly size?: number
}

/** The glyph alone, as decoration: the words that say the same must stand next to it. */
export function Glyph({ shape, tone = "plain", size = 20 }: GlyphProps) {
  return (
    <svg
      class={`glyph tone-${tone}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={size > 32 ? 0.9 : 1.4}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {drawings[shape]}
    </svg>
  )
}
