/* How the class's page looks: light or dark as the reader's system, and on paper. */
#include "html_parts.h"

const char html_style[] =
    ":root{--bg:#fff;--fg:#1b1f24;--soft:#59636e;--line:#d1d9e0;--bar:#2f6fbb;--bad:#b3261e;"
    "--good:#1a7f37;--none:#8a6d00}"
    "@media(prefers-color-scheme:dark){:root{--bg:#14171c;--fg:#e6e9ee;--soft:#9aa4b0;"
    "--line:#333a44;--bar:#6aa5e8;--bad:#ff8a80;--good:#6cd387;--none:#e0b93f}}"
    "@media print{:root{--bg:#fff;--fg:#000;--soft:#444;--line:#999;--bar:#555;--bad:#000;"
    "--good:#000;--none:#000}details>*{display:block}tr,figure{break-inside:avoid}}"
    "*{box-sizing:border-box}body{margin:0 "
    "auto;max-width:62rem;padding:1.5rem;background:var(--bg);"
    "color:var(--fg);font:16px/1.5 system-ui,sans-serif}h1{font-size:1.5rem;margin:0 0 .3rem}"
    "h2{font-size:1.15rem;margin:2rem 0 .6rem}p{margin:.3rem 0}.soft{color:var(--soft)}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;"
    "padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;"
    "overflow-wrap:anywhere}th{color:var(--soft);font-weight:600}td.n,th.n{text-align:right;"
    "font-variant-numeric:tabular-nums;white-space:nowrap}figure{margin:0}"
    "svg{width:100%;height:auto}svg text{fill:var(--soft);font:11px system-ui,sans-serif}"
    "svg rect{fill:var(--bar)}svg line{stroke:var(--line)}code{font-size:.9em}"
    ".rate{display:inline-block;width:7rem;height:.7rem;background:var(--line);border-radius:2px}"
    ".rate>i{display:block;height:100%;background:var(--bar);border-radius:2px;"
    "print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    ".bad{color:var(--bad)}.good{color:var(--good)}.none{color:var(--none)}";
