"""Hold the report's style sheet.

The four labels differ in colour (blue, vermilion, grey and purple stay apart in every common form
of colour blindness), in their sign and in their underline, so that no reader needs the colours.
"""

CSS = """
:root{color-scheme:light dark;
--paper:#fff;--raised:#f7f7f5;--ink:#1b1c1e;--soft:#5a5d63;--rule:#d9dadc;--link:#0b5fa5;
--favor:#0a5a9c;--favor-bg:#dcebf8;--against:#a83f04;--against-bg:#fbe2d0;
--neutral:#55585e;--neutral-bg:#e8e9eb;--unclear:#74478f;--unclear-bg:#f0e6f6;
--flash:#ffe98a;
--serif:Charter,"Bitstream Charter","Source Serif 4","Sitka Text",
Cambria,Georgia,"Liberation Serif",serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",
"Liberation Sans",Arial,sans-serif}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#16181b;--raised:#1e2125;--ink:#e6e7e9;--soft:#a2a6ad;--rule:#383c42;--link:#7fbef2;
--favor:#86c3f6;--favor-bg:#153551;--against:#f6a878;--against-bg:#4d2812;
--neutral:#b9bdc4;--neutral-bg:#363a40;--unclear:#d3aeec;--unclear-bg:#3d2c4b;
--flash:#6b5a12}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:30vh}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 var(--sans);
overflow-wrap:break-word}
main,body>header,body>footer{max-width:66rem;margin:0 auto;padding:0 1.5rem}
body>header{padding-top:3rem}
h1,h2,h3,p,ol,ul,blockquote,figure{margin:0;padding:0}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.kicker{font-size:.8125rem;letter-spacing:.04em;color:var(--soft)}
.kicker b{color:var(--ink);letter-spacing:.08em;text-transform:uppercase;font-weight:650}
h1{font:700 2.25rem/1.18 var(--serif);letter-spacing:-.012em;margin:.6rem 0 .9rem;
max-width:26em;text-wrap:balance}
.meta{color:var(--soft);font-size:.875rem}
.notice{margin-top:1.25rem;padding:.7rem 1rem;border-left:3px solid var(--against);
background:var(--raised);font-size:.9375rem}
section{margin-top:2.75rem;padding-top:1rem;border-top:2px solid var(--ink)}
h2{font:650 .8125rem/1.4 var(--sans);letter-spacing:.08em;text-transform:uppercase;
margin-bottom:1.1rem}
h2 small{font:400 .8125rem/1.4 var(--sans);letter-spacing:0;text-transform:none;
color:var(--soft);margin-left:.6em}
.none{color:var(--soft);font-style:italic}

.summary{list-style:none;max-width:44rem}
.summary li+li{margin-top:1rem}
.summary p{font:1.25rem/1.5 var(--serif)}
.summary div{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem .8rem;margin-top:.3rem;
color:var(--soft);font-size:.8125rem}
.bar{display:inline-block;width:5rem;height:.375rem;border-radius:1rem;background:var(--rule);
overflow:hidden;vertical-align:.08em;margin-right:.6em}
.bar span{display:block;height:100%;background:var(--favor)}
.bar.low span{background:var(--against)}

.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.875rem;line-height:1.4}
.matrix{width:100%}
.matrix th,.matrix td{padding:.55rem .75rem;text-align:left;vertical-align:top;
border-bottom:1px solid var(--rule)}
.matrix thead th{font-weight:600;min-width:8.5rem;max-width:15rem;vertical-align:bottom;
border-bottom:1px solid var(--ink)}
.matrix tbody th{font-weight:600;min-width:10rem;max-width:13rem;position:sticky;left:0;
background:var(--paper)}
.matrix thead th:first-child{position:sticky;left:0;background:var(--paper);
font-weight:400;color:var(--soft)}
.kind{display:block;font-weight:400;font-size:.75rem;color:var(--soft)}
.empty{color:var(--rule)}
.chip{display:inline-block;padding:.1rem .5rem;border-radius:.2rem;white-space:nowrap;
text-decoration:none;font-weight:600;border:1px solid transparent}
.chip small{font-weight:400;font-variant-numeric:tabular-nums;margin-left:.35em}
a.chip:hover{border-color:currentColor}
.chip+.chip{margin-top:.25rem}
.chip.favor,.tally .favor{background:var(--favor-bg);color:var(--favor)}
.chip.against,.tally .against{background:var(--against-bg);color:var(--against)}
.chip.neutral,.tally .neutral{background:var(--neutral-bg);color:var(--neutral)}
.chip.unclear,.tally .unclear{background:var(--unclear-bg);color:var(--unclear)}
.beside{margin-top:.9rem;font-size:.875rem;color:var(--soft)}

.target+.target{margin-top:2.25rem;padding-top:1.6rem;border-top:1px solid var(--rule)}
h3{font:700 1.25rem/1.3 var(--serif);margin-bottom:.9rem;max-width:34em;text-wrap:balance}
h3 .kind{display:inline;font:400 .75rem var(--sans);margin-left:.6em;white-space:nowrap}
.briefs{margin:1.4rem 0 0;max-width:44rem}
.briefs div{display:grid;grid-template-columns:10rem 1fr;gap:0 1rem;padding:.35rem 0}
.briefs dt{font-size:.875rem;font-weight:600}
.briefs dd{margin:0;font:1rem/1.5 var(--serif)}
.brief{font:1rem/1.5 var(--serif);color:var(--soft);max-width:42rem;margin:-.4rem 0 1rem}
.sides{display:grid;grid-template-columns:repeat(3,1fr);gap:1.5rem}
.side h4{margin:0 0 2px;padding:0 0 .35rem;font:650 .875rem/1.4 var(--sans);border-bottom:2px solid}
.side.favor h4{color:var(--favor)}
.side.against h4{color:var(--against);border-bottom:4px double;margin-bottom:0}
.side.neutral h4{color:var(--neutral);border-bottom-style:dotted}
.side.unclear h4{color:var(--unclear);border-bottom-style:dashed}
.side.unclear{grid-column:1/-1}
.side ul{list-style:none}
.side li{padding:.7rem 0}
.side li+li{border-top:1px solid var(--rule)}
.side .none{padding:.7rem 0;font-size:.875rem}
.who{font-size:.9375rem;font-weight:650}
.who sup{font-size:.6875rem;line-height:1;margin-right:.3em}
.favor .who sup{color:var(--favor)}
.against .who sup{color:var(--against)}
.neutral .who sup{color:var(--neutral)}
.unclear .who sup{color:var(--unclear)}
.who small{font-weight:400;color:var(--soft);margin-left:.4em;white-space:nowrap}
blockquote{font:1rem/1.5 var(--serif);margin-top:.3rem}
blockquote a{color:inherit;text-decoration:none}
blockquote a:hover{text-decoration:underline}
blockquote sup{font:600 .6875rem var(--sans);color:var(--link);margin-left:.25em}
.trail{margin-top:.5rem;font-size:.8125rem;color:var(--soft);overflow-wrap:anywhere}
.trail summary{cursor:pointer;color:var(--link);width:max-content}
.trail :is(ol,ul){padding-left:1.2em;margin:.3rem 0}
.trail ol{list-style:decimal}
.side .trail li{padding:.3rem 0}
.trail ul{list-style:disc}
.trail .notes{border-top:1px solid var(--rule);padding-top:.3rem}
.trail q{display:block;margin:.2rem 0;color:var(--ink);font:.9375rem/1.45 var(--serif);quotes:none}
.trail b{font-weight:600}

.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.25rem;margin-bottom:1.25rem;font-size:.875rem;
color:var(--soft)}
.legend mark{padding:.05rem .3rem}
.text{margin-left:2.75rem;font:1.125rem/1.68 var(--serif);counter-reset:p}
.text p{position:relative;margin-bottom:1.05em;white-space:pre-line;counter-increment:p}
.text>div{display:grid;grid-template-columns:minmax(0,42rem) minmax(0,1fr);gap:0 2rem}
aside{font:.75rem/1.45 var(--sans);color:var(--soft);padding-top:.35rem;user-select:none;
-webkit-user-select:none}
aside div{margin-bottom:.5em;padding-left:1.6em;text-indent:-1.6em}
aside b{display:inline-block;width:1.6em;text-indent:0;font-weight:650}
aside .favor{color:var(--favor)}
aside .against{color:var(--against)}
aside .neutral{color:var(--neutral)}
aside .unclear{color:var(--unclear)}
.text p::before{content:counter(p);position:absolute;left:-2.75rem;width:1.9rem;text-align:right;
font:.75rem/1.9rem var(--sans);color:var(--soft);font-variant-numeric:tabular-nums}
mark{color:inherit;padding:.06em 0;box-decoration-break:clone;-webkit-box-decoration-break:clone}
mark.favor{background:var(--favor-bg);border-bottom:2px solid var(--favor)}
mark.against{background:var(--against-bg);border-bottom:4px double var(--against)}
mark.neutral{background:var(--neutral-bg);border-bottom:2px dotted var(--neutral)}
mark.unclear{background:var(--unclear-bg);border-bottom:2px dashed var(--unclear)}
mark.unsupported{background:var(--against-bg);border-bottom:3px solid var(--against)}
mark.strange{background:none;border-bottom:2px dotted var(--against)}
mark:has(>mark){padding-bottom:.3em}
.text mark[data-n]::before{content:attr(data-n);font:600 .6875rem/1 var(--sans);
vertical-align:.45em;margin-right:.2em;padding-left:.1em}
mark.favor::before{color:var(--favor)}
mark.against::before{color:var(--against)}
mark.neutral::before{color:var(--neutral)}
mark.unclear::before{color:var(--unclear)}
mark[data-tip]:is(:hover,:focus-visible)::after{content:attr(data-tip);position:absolute;left:0;
z-index:2;margin-top:1.9em;width:max-content;max-width:100%;padding:.55rem .8rem;
white-space:pre-line;font:.8125rem/1.5 var(--sans);color:var(--paper);background:var(--ink);
border-radius:.3rem;box-shadow:0 .3rem 1rem #0004;pointer-events:none}
.text mark{cursor:help}

body>footer{margin-top:3rem;padding-top:1rem;padding-bottom:4rem;font-size:.8125rem;
color:var(--soft)}
body>footer>*{border-top:1px solid var(--rule);padding:.7rem 0;display:grid;
grid-template-columns:8rem 1fr;gap:0 1rem}
footer h2{margin:0;letter-spacing:0;text-transform:none;color:var(--ink)}
footer ul{list-style:none}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}

@media screen and (max-width:62rem){
.text>div{display:block;max-width:42rem}
aside{display:none}
}
@media (max-width:46rem){
main,body>header,body>footer{padding-left:1.1rem;padding-right:1.1rem}
body>header{padding-top:1.6rem}
h1{font-size:1.75rem}
section{margin-top:2.1rem}
.summary p{font-size:1.125rem}
.sides{grid-template-columns:1fr;gap:1.1rem}
.side.empty-side{display:none}
.text{margin-left:0;font-size:1.0625rem}
.text p::before{position:static;display:inline;width:auto;margin-right:.6em}
.matrix thead th{min-width:9.5rem}
.matrix tbody th,.matrix thead th:first-child{min-width:7rem;max-width:8.5rem;
border-right:1px solid var(--rule)}
body>footer>*{grid-template-columns:1fr}
h2 small{display:block;margin:.2rem 0 0}
}
@media print{
body{font-size:10pt}
main,body>header,body>footer{max-width:none;padding:0}
mark,.chip,.bar,.bar span{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.scroll{overflow:visible}
.matrix th{min-width:0}
li,tr,.side,h2,h3,blockquote{break-inside:avoid}
h2,h3,h4{break-after:avoid}
.text{font-size:11pt;margin-left:0}
.text>div{grid-template-columns:1fr 16em;gap:0 1.5em}
.text p::before{position:static;display:inline;margin-right:.5em}
mark::after{display:none}
a{color:inherit}
}
"""
