// Languages, charts and CSV of a report. Everything shown is in the page's HTML: sentences have their words' key
// (data-words), values their place in the sentence (data-place), and each chart its table.
"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);

  // Arabic as Morocco writes it: Latin digits, its own names of months.
  const locales = { fr: "fr", ar: "ar-MA", en: "en-GB" };
  const drawnMax = 7;
  const plotHeight = 260;
  let language = document.documentElement.lang;

  // ---- Sentences and values

  const cache = new Map();
  function cached(kind, options) {
    const key = language + kind.name + JSON.stringify(options);
    if (!cache.has(key)) cache.set(key, new kind(locales[language], { numberingSystem: "latn", ...options }));
    return cache.get(key);
  }

  function number(value, decimals = 0) {
    const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return cached(Intl.NumberFormat, options).format(value);
  }

  function percent(value, decimals) {
    const options = { style: "percent", minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return cached(Intl.NumberFormat, options).format(value / 100);
  }

  const formats = {
    count: value => number(value),
    money: value => cached(Intl.NumberFormat, { style: "currency", currency: "MAD" }).format(value),
    percent: value => percent(value, 1),
    share: value => percent(value, 3),
    decimals2: value => number(value, 2),
  };

  // A day as yyyy-MM-dd, or a month as yyyy-MM.
  function date(iso, options) {
    return cached(Intl.DateTimeFormat, { timeZone: "UTC", ...options }).format(new Date(iso));
  }
  const day = iso => date(iso, { year: "numeric", month: "long", day: "numeric" });
  const shortMonth = { month: "short", year: "numeric" };
  const month = iso => date(iso, { year: "numeric", month: "long" });

  function text(key, values = {}) {
    return words[language][key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  // Writes a sentence again around the elements of its values.
  function say(element) {
    const values = new Map([...element.children].map(child => [child.dataset.place, child]));
    element.replaceChildren(...words[language][element.dataset.words].split(/\{(\w+)\}/)
      .map((piece, at) => at % 2 ? values.get(piece) : piece));
  }

  // ---- Tables: read once, as French has them

  const parse = cell => cell === "" ? null : Number(cell.replace(/\s/g, "").replace(",", "."));

  function read(section) {
    const table = section.querySelector("table");
    if (!table) return null;
    const rows = [...table.tBodies[0].rows];
    return {
      section,
      byMonth: section.dataset.by === "month",
      isStacked: "stacked" in section.dataset,
      at: rows.map(row => row.cells[0].textContent),
      columns: [...table.tHead.rows[0].cells].slice(1).map((heading, index) => ({
        heading,
        decimals: Number(heading.dataset.decimals),
        isDrawn: "drawn" in heading.dataset,
        cells: [...table.rows].slice(1).map(row => row.cells[index + 1]),
        values: rows.map(row => parse(row.cells[index + 1].textContent)),
        total: table.tFoot ? parse(table.tFoot.rows[0].cells[index + 1].textContent) : null,
      })),
      times: rows.map(row => row.cells[0].firstElementChild),
    };
  }

  const label = column => column.heading.textContent;

  function write(chart) {
    chart.times.forEach((time, row) => {
      time.dateTime = chart.at[row];
      time.textContent = chart.byMonth ? month(chart.at[row]) : day(chart.at[row]);
    });
    for (const { cells, values, total, decimals } of chart.columns) {
      cells.forEach((cell, row) => {
        const value = row < values.length ? values[row] : total;
        cell.textContent = value === null ? "" : number(value, decimals);
      });
    }
  }

  // ---- CSV (RFC 4180): the table with headings in the page's language and numbers as programs read them

  function csv(chart) {
    const quoted = value => /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    const head = [chart.section.querySelector("thead th").textContent, ...chart.columns.map(label)];
    const rows = chart.at.map((at, row) =>
      [at, ...chart.columns.map(({ values, decimals }) => values[row]?.toFixed(decimals) ?? "")]);
    return [head, ...rows].map(row => row.map(quoted).join(",") + "\r\n").join("");
  }

  // The mark at the beginning has spreadsheets read it as UTF-8.
  function download(chart) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + csv(chart)], { type: "text/csv;charset=utf-8" }));
    link.download = `amoe-${chart.section.id}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  // ---- Charts. Time runs from left to right in Arabic too, as the digits do and Morocco's textbooks have it.

  // What is drawn: the columns marked so. Of many the largest, and the others as one.
  function drawn(chart) {
    const columns = chart.columns.filter(column => column.isDrawn)
      .map(column => ({ label: label(column), values: column.values, decimals: column.decimals }));
    if (columns.length <= drawnMax) return columns;
    const others = columns.splice(drawnMax - 1);
    return [...columns, {
      label: text("page.others", { n: number(others.length) }),
      values: chart.at.map((_, row) => others.reduce((sum, column) => sum + column.values[row], 0)),
      decimals: columns[0].decimals,
    }];
  }

  // Each series upon those before it, what is below zero downwards.
  function stacked(series) {
    const [above, below] = [series[0].values.map(() => 0), series[0].values.map(() => 0)];
    return series.map(({ values }) => values.map((value, row) => {
      const sums = value < 0 ? below : above;
      return sums[row] += value ?? 0;
    }));
  }

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function draw(chart) {
    chart.plot?.destroy();
    const place = chart.section.querySelector(".plot");
    const series = drawn(chart);
    const tops = chart.isStacked ? stacked(series) : series.map(({ values }) => values);
    const x = chart.byMonth ? chart.at.map((_, row) => row) : chart.at.map(at => Date.parse(at) / 1000);

    // The highest of a stack is drawn first, and those below it over it.
    const order = series.map((_, index) => index);
    if (chart.isStacked) order.reverse();
    const bars = uPlot.paths.bars({ size: [0.7, 60] });
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis = {
      font, stroke: color("--text"), grid: { stroke: color("--grid"), width: 1 },
      ticks: { stroke: color("--grid"), width: 1 },
    };
    const thousands = cached(Intl.NumberFormat, { maximumFractionDigits: 2 });
    const millions = cached(Intl.NumberFormat, { notation: "compact", maximumFractionDigits: 2 });
    const legend = chart.legend(series);
    chart.plot = new uPlot({
      width: place.clientWidth,
      height: plotHeight,
      tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: { y: false, points: { show: !chart.isStacked || !chart.byMonth } },
      scales: {
        x: chart.byMonth ? { time: false, range: [-0.6, x.length - 0.4] } : { time: true },
        y: { range: (_, least, most) => uPlot.rangeNum(Math.min(0, least ?? 0), Math.max(1, most ?? 1), 0.1, true) },
      },
      axes: [
        {
          ...axis,
          space: 80,
          size: 32,
          ...chart.byMonth ? {
            incrs: [1, 2, 3, 6, 12],
            values: (_, rows) => rows.map(row => chart.at[row] ? date(chart.at[row], shortMonth) : ""),
          } : {
            values: (_, seconds, __, ___, increment) => seconds.map(at => date(at * 1000,
              increment < 28 * 86400 ? { day: "numeric", month: "short" } : shortMonth)),
          },
        },
        {
          ...axis,
          values: (_, values) => {
            const shown = Math.max(...values.map(Math.abs)) < 1_000_000 ? thousands : millions;
            return values.map(value => shown.format(value));
          },
          size: (plot, values) => {
            if (!values) return 40;
            plot.ctx.save();
            plot.ctx.font = font;
            const width = Math.max(...values.map(value => plot.ctx.measureText(value).width));
            plot.ctx.restore();
            return Math.ceil(width) + 18;
          },
        },
      ],
      series: [{}, ...order.map(index => {
        const stroke = color(`--series-${index}`);
        return chart.isStacked
          ? { stroke, fill: stroke, width: 0, points: { show: false }, ...chart.byMonth ? { paths: bars } : {} }
          : { stroke, width: 2, points: { show: chart.byMonth }, dash: index % 2 ? [7, 3] : [] };
      })],
      hooks: { setCursor: [plot => legend(plot.cursor.idx)] },
    }, [x, ...order.map(index => tops[index])], place);
  }

  // The legend of a chart, and the function that shows the values of a row in it.
  function legendOf(chart) {
    const at = document.createElement("p");
    const list = document.createElement("ul");
    [at.className, list.className] = ["at", "legend"];
    chart.section.querySelector(".plot").after(at, list);
    return series => {
      const values = series.map(({ label }, index) => {
        const [swatch, name, value] = ["i", "span", "b"].map(element => document.createElement(element));
        swatch.className = `swatch series-${index}${!chart.isStacked && index % 2 ? " dashed" : ""}`;
        name.textContent = label;
        const item = document.createElement("li");
        item.append(swatch, name, " ", value);
        return { item, value };
      });
      list.replaceChildren(...values.map(({ item }) => item));
      at.textContent = "\u00a0";
      return row => {
        const isOver = row !== null && row !== undefined;
        at.textContent = isOver ? (chart.byMonth ? month : day)(chart.at[row]) : "\u00a0";
        values.forEach(({ value }, index) => {
          const { values, decimals } = series[index];
          value.textContent = isOver && values[row] !== null ? number(values[row], decimals) : "";
        });
      };
    };
  }

  // ---- The page

  const charts = [...document.querySelectorAll(".chart")].map(read).filter(chart => chart);
  for (const chart of charts) {
    chart.legend = legendOf(chart);
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.words = "page.csv";
    button.addEventListener("click", () => download(chart));
    chart.section.append(button);
  }

  const switches = [...document.querySelectorAll("#languages button")];
  function speak(chosen) {
    language = chosen;
    document.documentElement.lang = chosen;
    document.documentElement.dir = chosen === "ar" ? "rtl" : "ltr";
    for (const button of switches) button.setAttribute("aria-pressed", String(button.lang === chosen));
    document.querySelectorAll("[data-words]").forEach(say);
    document.querySelectorAll("data[data-format]").forEach(data => {
      data.textContent = formats[data.dataset.format](Number(data.value));
    });
    document.querySelectorAll("time[data-place]").forEach(time => { time.textContent = day(time.dateTime); });
    document.title = document.querySelector("h1").textContent;
    for (const chart of charts) {
      write(chart);
      draw(chart);
    }
  }

  for (const button of switches) button.addEventListener("click", () => speak(button.lang));
  document.getElementById("languages").hidden = false;
  speak(navigator.languages.map(name => name.slice(0, 2)).find(name => name in words) ?? language);

  // Colours and sizes are drawn into the charts.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(draw));
  let width = document.body.clientWidth;
  addEventListener("resize", () => {
    if (width === document.body.clientWidth) return;
    width = document.body.clientWidth;
    for (const chart of charts)
      chart.plot.setSize({ width: chart.section.querySelector(".plot").clientWidth, height: plotHeight });
  });
})();
