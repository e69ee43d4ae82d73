"""Prints what openpyxl and calamine read in a workbook, as JSON: argument 1 is the file."""
import datetime
import json
import sys

import openpyxl
import python_calamine


def plain(value):
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


workbook = openpyxl.load_workbook(sys.argv[1])
calamine = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
json.dump(
    {
        "openpyxl": {
            sheet.title: {
                "rows": [[plain(cell.value) for cell in row] for row in sheet.iter_rows()],
                "types": sorted({cell.data_type for row in sheet.iter_rows() for cell in row}),
                "frozen": sheet.freeze_panes,
                "filter": sheet.auto_filter.ref,
                "fills": sorted({cell.fill.fgColor.rgb for row in sheet.iter_rows() for cell in row if cell.fill.patternType}),
            }
            for sheet in workbook.worksheets
        },
        "calamine": {
            name: [[plain(value) for value in row] for row in calamine.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            for name in calamine.sheet_names
        },
    },
    sys.stdout,
)
