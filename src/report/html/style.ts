/**
 * The report's style sheet. Colours of modalities are those of Okabe and Ito, told apart by the colour-blind too; darker on
 * light paper, so that names can be read in them. Right and wrong are blue and orange, never green and red.
 */
export const STYLE: string = `
:root{color-scheme:light dark;--paper:#faf9f5;--card:#fff;--ink:#1b1e25;--soft:#5b606b;--line:#e2dfd6;--right:#0072b2;--wrong:#e08214;--focus:#0b57d0;
--m0:#0072b2;--m1:#c04f00;--m2:#007d63;--m3:#b04a87;--m4:#8f6200;--m5:#2a76a6}
@media (prefers-color-scheme:dark){:root{--paper:#14161b;--card:#1c1f26;--ink:#e9e8e4;--soft:#a4a8b3;--line:#31353f;--right:#56b4e9;--wrong:#f0a04b;--focus:#8ab4f8;
--m0:#56b4e9;--m1:#f08a4b;--m2:#2fc7a0;--m3:#e59bc8;--m4:#eab948;--m5:#9fd4f4}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}*{transition:none!important}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header,main{max-width:1180px;margin:0 auto;padding:0 24px}
header{padding-top:44px}
main{padding-bottom:80px}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:var(--card);padding:8px 14px;z-index:9}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
.kicker{margin:0 0 10px;color:var(--soft);font-size:.88rem;letter-spacing:.01em}
h1{margin:0 0 18px;max-width:26em;font-size:clamp(1.5rem,1rem + 2vw,2.35rem);line-height:1.2;font-weight:680;letter-spacing:-.015em;text-wrap:balance}
.say{margin:.35em 0;max-width:46em;font-size:1.06rem}
h2{margin:0 0 10px;font-size:1.4rem;line-height:1.25;letter-spacing:-.01em}
h3{margin:28px 0 10px;font-size:1.06rem}
.behind h3{margin:0 0 4px;font-size:1rem;font-weight:500}
section{margin-top:60px;scroll-margin-top:20px}
.lead,.hint,.notes{color:var(--soft)}
.lead{margin:0 0 16px;max-width:46em}
.hint,.notes{font-size:.86rem}
.notes{margin:10px 0 0;padding:0;list-style:none}
.partial{margin:18px 0 0;padding:10px 14px;border:2px solid var(--wrong);border-radius:8px;max-width:46em}
nav ul{display:flex;flex-wrap:wrap;gap:6px 18px;margin:24px 0 0;padding:14px 0 0;border-top:1px solid var(--line);list-style:none;font-size:.9rem}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:3px}a:hover{text-decoration-thickness:2px}
.scroll{overflow-x:auto}
table{border-collapse:collapse}
.hint{margin:0 0 10px;max-width:62em}
.figures{width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
.figures th,.figures td{padding:7px 6px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
.figures thead th{font-weight:500;color:var(--soft);vertical-align:bottom;border-bottom-width:2px}
.figures thead tr:not(:last-child) th:not([rowspan]){border-bottom-width:0;color:var(--ink);font-weight:650;padding-bottom:0}
.figures thead th[colspan]{text-align:left}
.figures .modality{color:var(--c)!important}
.figures .first,.figures thead th[colspan]{padding-left:18px}
.figures tbody th,.figures thead tr:first-child>th:first-child{position:sticky;left:0;z-index:1;text-align:left;background:var(--paper);font-weight:600;padding-left:0}
.figures thead tr:first-child>th:first-child{font-weight:500}
.figures .word{text-align:left}
.figures tbody tr:hover>*{background:color-mix(in srgb,var(--ink) 5%,var(--paper))}
.sd{color:var(--soft);font-size:.82em}.none{color:var(--soft)}
.best{font-weight:750}.best .sd{font-weight:400}
.gap{font-weight:700}
sup{font-size:.7em;line-height:0;color:var(--soft)}
.tag{display:inline-block;margin-left:3px;padding:0 6px;border:1px solid var(--line);border-radius:99px;color:var(--soft);font-size:.74rem;font-weight:500;line-height:1.5}
details{margin-top:14px;border-top:1px solid var(--line);padding-top:10px}
summary{cursor:pointer;font-weight:550}
details>div,details>pre{margin-top:10px}
pre{overflow-x:auto;padding:14px;border:1px solid var(--line);border-radius:8px;background:var(--card);font-size:.82rem;line-height:1.45}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}code{font-size:.88em}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;margin:0 0 14px;font-size:.88rem;color:var(--soft)}
.legend span{display:inline-flex;align-items:center;gap:8px}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));gap:18px}
.panels.wide{grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}
.panel{margin:0;padding:14px 16px 12px;background:var(--card);border:1px solid var(--line);border-radius:12px;min-width:0}
.panel figcaption{margin-bottom:8px;overflow-wrap:anywhere}
.panel svg{display:block;width:100%;height:auto;overflow:visible}
.wide .panel figcaption{color:var(--soft)}.wide .panel figcaption b{color:var(--c);font-size:1.06rem;margin-right:8px}
.strip{display:grid;grid-template-columns:minmax(64px,110px) 1fr 84px;gap:12px;align-items:stretch;font-size:.88rem}
.strip .name,.strip .value{padding:6px 0;line-height:1.2;overflow-wrap:anywhere}
.strip .value{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
.track{position:relative;min-height:28px}
.track i{position:absolute;display:block}
.track .grid{top:0;bottom:0;width:1px;background:var(--line)}
.track .bar{top:calc(50% - 3px);height:6px;background:color-mix(in srgb,var(--c) 32%,transparent)}
.mark.alone{top:0;bottom:0;width:0;border-left:2px dashed var(--c);margin-left:-1px}
.mark.probe,.mark.head{top:calc(50% - 6px);width:12px;height:12px;margin-left:-6px;border-radius:50%;border:2.5px solid var(--c)}
.mark.probe{background:var(--c)}.mark.head{background:var(--card)}
.axis .tick{position:absolute;top:4px;transform:translateX(-50%);font-size:.78rem;color:var(--soft)}
.key{display:inline-block;flex:none;--c:var(--soft)}
.key.probe,.key.head{width:12px;height:12px;border-radius:50%;border:2.5px solid var(--c)}.key.probe{background:var(--c)}
.key.alone{height:16px;border-left:2px dashed var(--c)}
.key.line{width:20px;height:0;border-top:3px solid var(--c)}.key.dash{width:20px;border-top:2px dashed var(--c)}
.key.tickmark{width:2px;height:10px;background:var(--ink)}
svg text{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
.rule{stroke:var(--line);stroke-width:1;fill:none}
.curve{fill:none;stroke:var(--c);stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.curve.lone{stroke-width:1.5;stroke-dasharray:2 4;opacity:.9}
.dot{fill:var(--ink)}.speck{fill:var(--c);opacity:.55}
.band{fill:var(--c);opacity:.16}.kept{stroke:var(--ink);stroke-width:2}
.tabs{display:flex;flex-wrap:wrap;gap:6px;margin:0 0 10px;padding:0;border:0}
.tabs legend{float:left;padding:0;margin:5px 10px 0 0;color:var(--soft);font-size:.9rem}
.tabs label{position:relative;cursor:pointer}
.tabs input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.tabs span{display:block;padding:4px 13px;border:1px solid var(--line);border-radius:99px;background:var(--card);font-size:.9rem}
.tabs input:checked+span{background:var(--ink);border-color:var(--ink);color:var(--paper)}
.tabs input:focus-visible+span{outline:3px solid var(--focus);outline-offset:2px}
html:not(.js) .tabs,html:not(.js) .behind{display:none}
.js .view-title{display:none}
.matrix-and-samples{display:grid;grid-template-columns:minmax(0,1fr) 300px;gap:28px;align-items:start}
.matrix{width:100%;table-layout:fixed;border-collapse:separate;border-spacing:2px;font-variant-numeric:tabular-nums}
.matrix th{font-weight:500;font-size:.84rem}
.matrix thead th{height:118px;padding:0;vertical-align:bottom;text-align:left}
.matrix thead th span{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);max-height:130px;padding:0 0 2px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;margin-left:calc(50% - .75em)}
.matrix tbody th{padding:0 8px 0 0;text-align:right;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.corner{width:150px;vertical-align:bottom;text-align:right;color:var(--soft);font-size:.8rem;padding:0 8px 4px 0}
.corner span{display:block}
.matrix tbody td,.mistakes td.wrong{height:44px;padding:0;text-align:center;border-radius:5px;background:color-mix(in srgb,var(--k,var(--line)) calc(8% + var(--s,0)*.34%),var(--card))}
.matrix .right,.mistakes .right{--k:var(--right)}.matrix .wrong,.mistakes .wrong{--k:var(--wrong)}
.matrix .zero{color:var(--soft);font-size:.8rem;background:none;opacity:.55}
.matrix button,.mistakes button{width:100%;height:100%;min-height:28px;padding:0;border:0;border-radius:5px;background:none;color:inherit;font:inherit;font-size:.9rem;line-height:1.15;cursor:pointer}
.matrix button:hover{box-shadow:inset 0 0 0 2px var(--ink)}
.matrix button[aria-pressed],.mistakes button[aria-pressed]{box-shadow:inset 0 0 0 3px var(--ink)}
.matrix small,.mistakes small{display:block;font-size:.72rem;opacity:.85}.matrix small::after{content:attr(data-share)}
.behind{position:sticky;top:16px;max-height:min(100vh - 32px,620px);overflow-y:auto;padding:14px 16px;border:1px solid var(--line);border-radius:12px;background:var(--card)}
.behind .empty{margin:0;color:var(--soft)}
.samples{display:grid;grid-template-columns:repeat(auto-fill,minmax(112px,1fr));gap:10px;margin:0;padding:0;list-style:none}
.sample{display:flex;flex-direction:column;gap:2px;font-size:.84rem;line-height:1.3;min-width:0}
.sample img{width:48px;height:48px;object-fit:contain;image-rendering:auto;background:#fff;border-radius:6px}
.sample .words{font-weight:550;overflow-wrap:anywhere}
.sample .id,.sample .seeds{color:var(--soft);font-size:.76rem;overflow-wrap:anywhere}
.weights{margin:0}.weights dt{color:var(--c);font-weight:600;font-size:.9rem}.weights dd{margin:0 0 12px}
.weights svg{border-bottom:1px solid var(--line);margin-bottom:4px}.weights rect{fill:var(--c)}
.scale{display:flex;justify-content:space-between;margin:0;color:var(--soft);font-size:.78rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,255px),1fr));gap:14px;margin:0;padding:0;list-style:none}
.card{display:flex;flex-direction:column;padding:14px 16px;border:1px solid var(--line);border-radius:12px;background:var(--card)}
.card .sample{display:grid;grid-template-columns:auto minmax(0,1fr);gap:2px 12px;align-content:center}.card .sample img{grid-row:span 2}.card p{margin:8px 0 0}.card .truth{margin-top:6px}
.voices{margin:8px 0 0;padding:0;list-style:none;font-size:.9rem}
.voices li{position:relative;padding:3px 0 7px}.voices .who{color:var(--c);font-weight:600}
.voices small{display:block;color:var(--soft)}
.voices .weight{position:absolute;left:0;bottom:2px;height:3px;border-radius:2px;background:var(--c)}
.verdict{margin-top:auto!important;padding-top:8px}.verdict.hit span{color:var(--right)}.verdict.miss span{color:var(--wrong)}.verdict span{font-weight:800}
.facts{margin:0}.facts div{display:grid;grid-template-columns:120px minmax(0,1fr);gap:16px;padding:8px 0;border-bottom:1px solid var(--line)}
.facts dt{color:var(--soft)}.facts dd{margin:0;max-width:52em;overflow-wrap:anywhere}
.licences{padding-left:1.2em;font-size:.92rem}
@media (max-width:900px){.matrix-and-samples{grid-template-columns:minmax(0,1fr)}.behind{position:static;max-height:none}}
@media (max-width:600px){header,main{padding-left:16px;padding-right:16px}header{padding-top:26px}section{margin-top:44px}
.strip{grid-template-columns:62px 1fr 74px;gap:8px;font-size:.82rem}
.matrix{border-spacing:1px}.corner{width:84px;font-size:.7rem;padding-right:4px}.matrix th{font-size:.72rem}.matrix tbody th{padding-right:4px}
.matrix thead th{height:96px}.matrix thead th span{max-height:100px;margin-left:calc(50% - .7em)}
.matrix tbody td{height:30px}.matrix button{font-size:.74rem}.matrix small{display:none}
.facts div{grid-template-columns:1fr;gap:0}}
@media print{nav,.skip,.tabs,.behind{display:none}.view[hidden]{display:block!important}.view-title{display:block!important}section{break-inside:avoid-page}}
`;
