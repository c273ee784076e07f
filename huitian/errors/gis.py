"""Errors of the views for map programs."""

from __future__ import annotations

from huitian.errors.root import HuitianError


class GisNotPossible(HuitianError, code="gis_not_possible", status=500):
    """Views for map programs cannot be made in this store."""

    words_zh = "不能建地图视图：{why}。什么都没有改动。"
    words_en = "The views for map programs cannot be made: {why}. Nothing was changed."
    what_to_do_zh = "地图视图须用 PostgreSQL 与 PostGIS，其余功能不需要；见 docs/guides/qgis.zh-CN.md。"
    what_to_do_en = "They need PostgreSQL with PostGIS; nothing else does. See docs/guides/qgis.md."
