"""Hold the report's style sheet.

Right, wrong, missed and invented differ in colour, in their sign and in their line, so that no
reader needs the colours.
"""

CSS = """
:root{color-scheme:light dark;--paper:#fff;--raised:#f6f6f4;--ink:#1b1c1e;--soft:#5f6269;
--rule:#dcddd9;--link:#0b5fa5;--right:#16703c;--right-bg:#d9f0e0;--wrong:#b3261e;--wrong-bg:#fadad7;
--missed:#9a5b00;--missed-bg:#fdeccb;--invented:#6d3f97;--invented-bg:#eee2f7;
--bar:#7fa8cc;--serif:Charter,"Source Serif 4",Cambria,Georgia,serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}
@media(prefers-color-scheme:dark){:root{--paper:#16181b;--raised:#1f2226;--ink:#e6e7e9;
--soft:#a3a7ae;--rule:#383c42;--link:#7fbef2;--right:#7fd39c;--right-bg:#173b25;--wrong:#ff9b92;
--wrong-bg:#4d1f1b;--missed:#f3bd6a;--missed-bg:#463110;--invented:#cfa9f0;--invented-bg:#3a2a4a;
--bar:#48688a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:80rem;padding:2rem 1.5rem 6rem;background:var(--paper);
color:var(--ink);font:15px/1.5 var(--sans);overflow-wrap:anywhere}
h1{font:700 1.9rem/1.2 var(--serif);margin:0 0 .3rem}
h2{font:700 1.35rem/1.3 var(--serif);margin:3.2rem 0 .6rem;padding-top:.8rem;
border-top:2px solid var(--ink)}
h3{font-size:1rem;margin:1.6rem 0 .5rem}
h4{font-size:.95rem;margin:0 0 .5rem}
a{color:var(--link)}
p{margin:.4rem 0}
.soft,small{color:var(--soft)}
code{font:12px/1.5 ui-monospace,Menlo,Consolas,monospace;color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem}
th,td{overflow-wrap:normal;padding:.4rem .7rem;text-align:left;vertical-align:top;
border-bottom:1px solid var(--rule)}
thead th{font-weight:600;border-bottom:1px solid var(--ink);vertical-align:bottom}
th.published{min-width:16rem}
td.number{white-space:nowrap;font-variant-numeric:tabular-nums}
td.number b{font-size:1rem}
td.best{background:var(--raised);box-shadow:inset 3px 0 0 var(--right)}
td .interval{display:block;margin-top:.1rem}
.interval .axis{stroke:var(--rule)}
.interval .span{stroke:var(--link);stroke-width:3}
.interval .dot{fill:var(--link)}
.interval .tick{stroke:var(--missed);stroke-width:2}
.row{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}
figure{margin:0 0 1rem}
figcaption{font-size:.8rem;color:var(--soft);margin-bottom:.3rem}
.confusion td{text-align:right;min-width:3.6rem;border:1px solid var(--paper);
font-variant-numeric:tabular-nums}
.confusion th{font-weight:400;font-size:.82rem;border:0}
.confusion td.hit{outline:2px solid var(--right);outline-offset:-2px}
.chart{font:10px var(--sans);fill:var(--soft)}
.chart .box{fill:none;stroke:var(--rule)}
.chart .bar{fill:var(--bar)}
.chart .volume{fill:var(--ink);opacity:.35}
.chart .gap{stroke:var(--wrong);stroke-width:3}
.chart .ideal{stroke:var(--soft);stroke-dasharray:3 3;fill:none}
.chart .curve{stroke:var(--link);stroke-width:2;fill:none}
details>summary{cursor:pointer;padding:.3rem 0;font-weight:600}
.tag{display:inline-block;min-width:6.2em;padding:.05rem .5rem;border-radius:3px;
font-size:.78rem;font-weight:700}
.right .tag{background:var(--right-bg);color:var(--right)}
.wrong .tag{background:var(--wrong-bg);color:var(--wrong)}
.missed .tag{background:var(--missed-bg);color:var(--missed)}
.invented .tag{background:var(--invented-bg);color:var(--invented)}
.answers td{max-width:44rem;overflow-wrap:anywhere}
.answers details>summary{font-weight:400}
.answers td:first-child{min-width:8rem;max-width:11rem}
.answers tr.wrong>td:first-child{box-shadow:inset 4px 0 0 var(--wrong)}
.answers tr.missed>td:first-child{box-shadow:inset 4px 0 0 var(--missed)}
.answers tr.right>td:first-child{box-shadow:inset 4px 0 0 var(--right)}
.labels{white-space:nowrap}
.labels del{color:var(--wrong);text-decoration-thickness:2px}
.labels ins{color:var(--right);text-decoration:none;font-weight:600}
article{margin:1.2rem 0;border:1px solid var(--rule);border-radius:6px;padding:1rem 1.2rem;
background:var(--paper)}
article>header{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline;margin-bottom:.6rem}
article>header h4{font:700 1.1rem/1.3 var(--serif);margin:0;flex:1 1 24rem}
.sides{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.5rem}
@media(max-width:60rem){.sides{grid-template-columns:1fr}}
.text{font:16px/1.6 var(--serif);white-space:pre-wrap;max-height:94vh;overflow:auto;
padding-right:.5rem}
.sides .text{position:sticky;top:1rem;align-self:start}
mark{color:inherit;padding:.05em 0;border-radius:2px}
mark.both{background:var(--right-bg);border-bottom:2px solid var(--right)}
mark.gold{background:var(--missed-bg);border-bottom:2px dashed var(--missed)}
mark.found{background:var(--invented-bg);border-bottom:2px dotted var(--invented)}
.verdicts{list-style:none;margin:0;padding:0}
.verdicts li{padding:.5rem .7rem;border-left:4px solid var(--rule);background:var(--raised);
margin-bottom:.5rem}
.verdicts .right{border-color:var(--right)}
.verdicts .wrong{border-color:var(--wrong)}
.verdicts .missed{border-color:var(--missed);border-left-style:dashed}
.verdicts .invented{border-color:var(--invented);border-left-style:dotted}
.verdicts q{font-family:var(--serif)}
.verdicts small{display:block}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.82rem;color:var(--soft)}
.cut{max-height:9rem;overflow:auto;white-space:pre-wrap}
"""
