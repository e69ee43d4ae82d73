/**
 * The page's only style sheet: light and dark, phone, and paper; where a company is the target, paper shows it alone.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f5f7fa; --ink: #18202f; --quiet: #545f73; --line: #d5dae3; --link: #0b57a4; --focus: #0b57a4;
  --lost: #7a0c0c; --lost-b: #fbdcdc; --over: #663800; --over-b: #fcebd0; --open: #3b2a6b; --open-b: #e9e5f9;
  --good: #0f4a27; --good-b: #d9f2e1; --calm: #3d4657; --calm-b: #eceef2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11161f; --raised: #1a212d; --ink: #e8ecf3; --quiet: #a6b0c2; --line: #343e4f; --link: #8cc2ff; --focus: #8cc2ff;
    --lost: #ffc4c4; --lost-b: #521b1e; --over: #ffd9a3; --over-b: #4a3110; --open: #d6ccff; --open-b: #352b5e;
    --good: #b4f0c8; --good-b: #163c26; --calm: #c4ccd9; --calm-b: #2a3342;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 4.5rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, main, footer { max-width: 80rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; }
h3 { font-size: 1.1rem; margin: 0; }
h4 { font-size: .95rem; margin: .75rem 0 .25rem; }
p { margin: 0 0 .75rem; max-width: 45rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; z-index: 9; }
.quiet, .where { color: var(--quiet); font-size: .875rem; }
.where { display: block; }
td, th, h3, li { unicode-bidi: isolate; overflow-wrap: break-word; }
.where, .company th, .company td, .company li { overflow-wrap: anywhere; }
nav { position: sticky; top: 0; z-index: 5; background: var(--paper); border-bottom: 1px solid var(--line); margin-top: 1rem; }
.bar { max-width: 80rem; margin: 0 auto; padding: .5rem 1.25rem; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; align-items: center; }
nav ul { display: flex; gap: .25rem 1rem; list-style: none; margin: 0; padding: 0; overflow-x: auto; flex: 1 1 20rem; white-space: nowrap; }
nav a { display: inline-block; padding: .3rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
main > section { padding: 1.75rem 0 .5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; }
.facts > div { background: var(--raised); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .85rem; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.frame { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 1rem; }
.tall { max-height: 80vh; overflow-y: auto; }
table { border-collapse: collapse; font-size: .925rem; }
.list { width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { background: var(--raised); font-weight: 650; vertical-align: bottom; }
tbody th { font-weight: 550; }
.own tbody th { font-weight: 400; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.day { white-space: nowrap; }
thead .n { white-space: normal; }
.list td { min-width: 5rem; }
.list td.long { min-width: 12rem; }
.list tbody th { min-width: 9rem; }
.wide thead th { position: sticky; top: 0; z-index: 2; min-width: 7.5rem; font-size: .8rem; }
.wide tbody th, .wide thead th:first-child { position: sticky; left: 0; background: var(--paper); z-index: 1; min-width: 9rem; max-width: 13rem; border-right: 1px solid var(--line); }
.wide thead th:first-child { z-index: 3; background: var(--raised); }
.wide td { font-size: .875rem; }
.wide .calm { background: none; color: var(--quiet); padding: 0; }
.chip { display: inline-block; border-radius: .3rem; padding: .05rem .45rem; font-size: .85rem; white-space: nowrap; }
.lost { color: var(--lost); background: var(--lost-b); }
.over { color: var(--over); background: var(--over-b); }
.open { color: var(--open); background: var(--open-b); }
.good { color: var(--good); background: var(--good-b); }
.calm { color: var(--calm); background: var(--calm-b); }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; list-style: none; padding: 0; margin: 0 0 .9rem; font-size: .875rem; }
.company { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.1rem; margin: 0 0 1rem; }
.company:target { outline: 3px solid var(--focus); }
.company p { margin: 0 0 .5rem; }
.company ul { margin: 0; padding-left: 1.2rem; }
.own td { text-align: right; font-variant-numeric: tabular-nums; }
.own { min-width: min(100%, 26rem); }
.own th, .own td { padding: .2rem .6rem .2rem 0; }
button, input, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: .35rem; padding: .3rem .6rem; }
button { cursor: pointer; }
thead button { background: none; border: 0; padding: 0; font-weight: inherit; text-align: inherit; font-size: inherit; }
thead button::after { content: "\\00a0\\2195"; opacity: .55; }
[aria-sort=ascending] button::after { content: "\\00a0\\2191"; opacity: 1; }
[aria-sort=descending] button::after { content: "\\00a0\\2193"; opacity: 1; }
.find { display: flex; gap: .5rem; align-items: center; font-size: .9rem; }
.find input { width: 14rem; }
.filter { display: flex; gap: .5rem; align-items: center; margin: 0 0 .6rem; font-size: .9rem; }
[hidden] { display: none !important; }
@media screen { .company { content-visibility: auto; contain-intrinsic-size: auto 22rem; } }
@media (max-width: 40rem) {
  header, main, footer { padding-left: .9rem; padding-right: .9rem; }
  .bar { padding: .4rem .9rem; }
  nav ul { flex-basis: 100%; }
  .find, .find input { width: 100%; }
  html { scroll-padding-top: 7rem; }
  th, td { padding: .4rem .5rem; }
  .list td { min-width: 3.5rem; }
  .list tbody th { min-width: 6.5rem; }
  .list td.long { min-width: 12rem; }
  .wide tbody th, .wide thead th:first-child { min-width: 6.5rem; max-width: 7.5rem; }
}
@media print {
  @page { margin: 15mm; }
  :root { color-scheme: light; --paper: #fff; --raised: #f2f2f2; --ink: #000; --quiet: #444; --line: #bbb; --link: #000;
    --lost: #7a0c0c; --lost-b: #fbdcdc; --over: #663800; --over-b: #fcebd0; --open: #3b2a6b; --open-b: #e9e5f9;
    --good: #0f4a27; --good-b: #d9f2e1; --calm: #3d4657; --calm-b: #eceef2; }
  body { font-size: 9pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav, .skip, .filter, .company button, .screen { display: none; }
  thead button { display: contents; }
  thead button::after { content: none; }
  .where, .quiet { font-size: 7.5pt; }
  .frame, .tall { overflow: visible; max-height: none; border: 0; }
  a { text-decoration: none; }
  table { font-size: 8pt; }
  th, td { padding: .15rem .35rem; }
  .list td, .list td.long, .list tbody th { min-width: 0; }
  thead { display: table-header-group; }
  tr, .facts > div { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  .company { break-inside: avoid-page; }
  .company:target { outline: 0; border: 0; padding: 0; }
  body:has(.company:target) :is(header, footer, main > section:not(#companies), #companies > :not(:target)) { display: none; }
}
`;
