/** ECharts with the design's theme: hairlines, no smoothing, no start-up animation, colours from the tokens. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { token } from "@/design/appearance";

use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, SVGRenderer]);

export function chartTheme() {
  const small = { fontFamily: token("--font-sans"), fontSize: Number.parseInt(token("--t-xs"), 10), color: token("--text-3") };
  const axis = {
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: small,
    splitLine: { lineStyle: { color: token("--line-1") } },
  };
  return {
    color: [1, 2, 3, 4, 5].map((n) => token(`--cat-${n}`)),
    backgroundColor: "transparent",
    textStyle: small,
    animationDuration: 0,
    animationDurationUpdate: 240,
    animationEasing: "cubicOut",
    categoryAxis: { ...axis, axisLine: { show: true, lineStyle: { color: token("--line-2") } }, splitLine: { show: false } },
    valueAxis: axis,
    tooltip: {
      backgroundColor: token("--surface-2"), borderColor: token("--line-2"), borderWidth: 1, borderRadius: 0, shadowBlur: 0, extraCssText: "box-shadow:none",
      textStyle: { ...small, color: token("--text-1") },
    },
  };
}

export const openChart = (box: HTMLElement): EChartsType => init(box, chartTheme(), { renderer: "svg" });
