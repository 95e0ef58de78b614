// How a report's page looks: system fonts, one accent, light and dark, and paper.
export const REPORT_STYLE = `
:root{color-scheme:light dark;--page:#fff;--text:#1c2024;--quiet:#5b6470;--line:#dfe3e8;--raised:#f6f7f9;--accent:#1f6feb;--band:#1f6feb33}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--text:#e6e9ed;--quiet:#9aa4b0;--line:#2c3238;--raised:#1c2024;--accent:#6cb0ff;--band:#6cb0ff33}}
*{box-sizing:border-box}
body{margin:0 auto;padding:40px 24px 80px;max-width:940px;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:28px;line-height:1.2;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:19px;margin:44px 0 12px;padding-bottom:6px;border-bottom:1px solid var(--line)}
h3{font-size:15px;margin:0 0 6px;overflow-wrap:anywhere}
p{margin:8px 0}
.subtitle,.said,figcaption,caption{color:var(--quiet)}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:16px;font-size:14px}
a{color:var(--accent);text-underline-offset:3px}
a:focus-visible,summary:focus-visible,pre:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
dl{margin:0;display:grid;grid-template-columns:minmax(140px,max-content) 1fr}
dl>div{display:contents}
dt,dd{margin:0;padding:5px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
dt{color:var(--quiet);padding-right:20px}
.scroll{overflow-x:auto;margin:12px 0}
table{border-collapse:collapse;width:100%;font-size:13.5px}
caption{text-align:left;padding-bottom:6px}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
td:last-child,#files td:first-child,#data td{overflow-wrap:anywhere}
th{font-weight:600;overflow-wrap:normal}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.number+td:not(.number),th.number+th:not(.number){padding-left:12px}
#reproduce td:first-child{min-width:110px;overflow-wrap:normal}
#reproduce td:last-child,#files td:last-child,code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12.5px}
pre{margin:6px 0;padding:12px;background:var(--raised);border:1px solid var(--line);border-radius:6px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
figure{margin:16px 0}
figcaption{font-size:13.5px}
details{margin:8px 0}
summary{cursor:pointer;color:var(--quiet)}
blockquote{margin:2px 0 8px;padding:8px 12px;background:var(--raised);border-left:3px solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere}
.said{margin:0;font-size:13px}
.answer{margin:20px 0}
svg{display:block;width:100%;height:auto}
svg text{font:12px system-ui,sans-serif;fill:var(--quiet);font-variant-numeric:tabular-nums}
.grid{stroke:var(--line)}
.axis,.tick{stroke:var(--quiet)}
.band{fill:var(--band);stroke:none}
.line{fill:none;stroke:var(--accent);stroke-width:1.5;stroke-linejoin:round}
@media print{:root{color-scheme:light;--page:#fff;--text:#000;--quiet:#444;--line:#ccc;--raised:#fff;--accent:#0b4fb3;--band:#0b4fb333}
body{max-width:none;padding:0;font-size:10.5pt}
nav,summary{display:none}
h2{break-after:avoid}
figure,article,tr,dl>div{break-inside:avoid}
h3{break-after:avoid}
.chart thead{display:none}
.chart table,.chart tbody{display:block}
.chart tbody{columns:2;column-gap:24pt}
.chart tr{display:flex;justify-content:space-between;border-bottom:1px solid var(--line);font-size:8.5pt}
.chart td{border:0;padding:1.5pt 0}
details::details-content{content-visibility:visible;display:block}
.scroll{overflow:visible}
@page{margin:18mm}}
`;
