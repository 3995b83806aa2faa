// Hover and zoom for the figures over time. The page says everything without it.
(() => {
  'use strict';
  const svgNs = 'http://www.w3.org/2000/svg';
  const readout = document.createElement('div');
  readout.className = 'readout';
  readout.hidden = true;
  document.body.append(readout);
  const figures = [...document.querySelectorAll('svg.figure')].filter(f => f.querySelector('[data-axis=time]')).map(setUp);

  function setUp(svg) {
    const axis = svg.querySelector('[data-axis=time]');
    const d = axis.dataset;
    const f = { svg, axis, left: +d.left, width: +d.width, from: +d.from, to: +d.to, top: +d.top, bottom: +d.bottom, a: +d.from, b: +d.to };
    f.cursor = add(svg, 'line', { class: 'cursor', y1: f.top, y2: f.bottom, visibility: 'hidden' });
    f.selection = add(svg, 'rect', { class: 'selection', y: f.top, height: f.bottom - f.top, visibility: 'hidden' });
    svg.classList.add('zoomable');
    let start = null;
    svg.addEventListener('pointermove', e => {
      const t = timeAt(f, e);
      hover(f, t, e);
      if (start !== null) {
        const [x1, x2] = [place(f, Math.min(start, t)), place(f, Math.max(start, t))];
        set(f.selection, { x: x1, width: Math.max(0, x2 - x1), visibility: 'visible' });
      }
    });
    svg.addEventListener('pointerdown', e => { if (e.button === 0) start = timeAt(f, e); });
    svg.addEventListener('pointerup', e => {
      const t = timeAt(f, e);
      if (start !== null && Math.abs(t - start) * f.width / (f.b - f.a) > 6) zoom(Math.min(start, t), Math.max(start, t));
      start = null;
      set(f.selection, { visibility: 'hidden' });
    });
    svg.addEventListener('pointerleave', () => {
      start = null;
      readout.hidden = true;
      set(f.selection, { visibility: 'hidden' });
      figures.forEach(g => set(g.cursor, { visibility: 'hidden' }));
    });
    svg.addEventListener('dblclick', () => zoom(f.from, f.to));
    return f;
  }

  function timeAt(f, e) {
    const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(f.svg.getScreenCTM().inverse());
    return Math.min(f.b, Math.max(f.a, f.a + (p.x - f.left) / f.width * (f.b - f.a)));
  }

  function place(f, t) { return f.left + (t - f.a) / (f.b - f.a) * f.width; }

  function hover(f, t, e) {
    figures.forEach(g => set(g.cursor, { x1: place(g, t), x2: place(g, t), visibility: t >= g.a && t <= g.b ? 'visible' : 'hidden' }));
    const origin = document.body.dataset.originMs;
    const clock = origin ? '   ' + new Date(+origin + t * 1000).toISOString().slice(11, 23) + ' UTC' : '';
    readout.textContent = 'T+' + t.toFixed(f.b - f.a < 1 ? 4 : 3) + ' s' + clock;
    readout.hidden = false;
    const right = e.clientX + 16 + readout.offsetWidth > innerWidth;
    readout.style.left = (right ? e.clientX - 16 - readout.offsetWidth : e.clientX + 16) + 'px';
    readout.style.top = (e.clientY + 14) + 'px';
  }

  function zoom(a, b) {
    for (const f of figures) {
      [f.a, f.b] = [Math.max(f.from, a), Math.min(f.to, b)];
      if (f.b - f.a < 1e-4) [f.a, f.b] = [f.from, f.to];
      const k = (f.to - f.from) / (f.b - f.a);
      const shift = f.left - k * (f.left + (f.a - f.from) / (f.to - f.from) * f.width);
      f.svg.querySelectorAll('.zoom').forEach(g => g.setAttribute('transform', `matrix(${k} 0 0 1 ${shift} 0)`));
      f.svg.querySelectorAll('.mark').forEach(m => {
        const t = +m.dataset.at;
        m.setAttribute('visibility', t >= f.a && t <= f.b ? 'visible' : 'hidden');
        const x = place(f, t);
        set(m.querySelector('line'), { x1: x, x2: x });
        const text = m.querySelector('text');
        set(text, { x: Math.min(x, f.left + f.width - text.getComputedTextLength()) });
      });
      ticks(f);
    }
  }

  function ticks(f) {
    f.axis.replaceChildren();
    const raw = (f.b - f.a) / 10;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= raw);
    const digits = Math.max(0, -Math.floor(Math.log10(step)));
    for (let i = Math.ceil(f.a / step - 1e-9); i * step <= f.b + step * 1e-6; i++) {
      const x = place(f, i * step);
      add(f.axis, 'line', { class: 'grid', x1: x, x2: x, y1: f.top, y2: f.bottom });
      add(f.axis, 'text', { class: 'tick', x, y: f.bottom + 16, 'text-anchor': 'middle' }).textContent = (i * step).toFixed(digits) + ' s';
    }
  }

  function add(parent, name, attributes) { const e = document.createElementNS(svgNs, name); set(e, attributes); parent.append(e); return e; }
  function set(e, attributes) { for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v); }
  document.querySelectorAll('.hint').forEach(h => { h.hidden = false; });
})();
