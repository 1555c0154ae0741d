/** How the status page looks: legible without colour, in light and dark, and at the width of a phone without scrolling sideways. */
export const style = `
:root{color-scheme:light dark;--line:#8884;--good:#1a7f37;--bad:#cf222e;--dim:#59636e;--focus:#0969da}
@media (prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#ff7b72;--dim:#9198a1;--focus:#58a6ff}}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
header{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:baseline;margin-bottom:1rem}
.demo{background:#d4a72c;color:#000;padding:.4rem .8rem;border-radius:.4rem;font-weight:600;margin-bottom:1rem}
.sum{font-size:1.1rem}.dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;white-space:nowrap}td.n{white-space:nowrap;font-variant-numeric:tabular-nums}
.buttons{display:flex;flex-wrap:wrap;gap:.5rem}button{font:inherit;padding:.35rem .8rem;cursor:pointer}
button[aria-current]{font-weight:700}button[aria-current]::before{content:"▶ " / ""}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.told{margin:.4rem 0;padding-left:0;list-style:none}time{font:13px ui-monospace,monospace;color:var(--dim)}
details .buttons{padding:.2rem 0 .6rem}section>.buttons{margin-top:.4rem}
code{font:13px ui-monospace,monospace}a{color:inherit}summary{padding:.3rem 0;cursor:pointer}
@media (max-width:40rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{display:flex;flex-wrap:wrap;gap:0 .7rem;padding:.4rem 0;border-bottom:1px solid var(--line)}
td{border:0;padding:0;min-width:0;overflow-wrap:anywhere}td:empty,.targets td:nth-child(5):has(>.dim){display:none}
.targets td:nth-child(5){order:1;flex-basis:100%}
.targets td:nth-child(4)::before{content:"age "}.targets td:nth-child(6)::before{content:"took "}
.targets td:nth-child(7)::after{content:" series"}
.ledger td:first-child{flex-basis:5rem}.ledger td:nth-child(5)::before{content:"work "}
.ledger td:nth-child(6)::before{content:"of "}.ledger td:nth-child(7)::before{content:"needed "}
}`;
