"""Collections to a table of companies and columns, as DuckDB would: the counts alone, without states and reasons."""

import json
import os

import duckdb
from common import collection_file, companies, managing_organization, measured, run


def work():
    config, folder, integrations = run()
    listed = companies(config, managing_organization(config))
    database = duckdb.connect()
    rows = [
        (place, each["name"], json.dumps(each.get("integrationIds", {}))) for place, each in enumerate(listed)
    ]
    names = os.path.join(folder, "peer-companies.json")
    with open(names, "w", encoding="utf-8") as file:
        for place, name, ids in rows:
            file.write(json.dumps({"place": place, "name": name, "ids": ids}) + "\n")
    database.execute("CREATE TABLE companies AS SELECT place, name, ids::JSON AS ids FROM read_json_auto(?)", [names])
    os.remove(names)
    joins, shown = [], []
    for number, integration in enumerate(integrations):
        database.execute(
            f"""CREATE TABLE customers_{number} AS SELECT customer.id AS id, customer.state AS state, customer.counts AS counts
            FROM (SELECT unnest(customers) AS customer FROM read_json(?, maximum_object_size = 1000000000,
            sample_size = -1, map_inference_threshold = -1))""",
            [collection_file(folder, integration)],
        )
        database.execute(
            f"CREATE TABLE counted_{number} AS SELECT id, unnest(counts) FROM customers_{number} WHERE state = 'counted'"
        )
        described = database.execute(f"DESCRIBE counted_{number}").fetchall()
        for title, kind, *_ in described[1:]:
            column = f'c{number}."{title}"'
            value = column if kind == "VARCHAR" else f"CASE WHEN c{number}.id IS NULL THEN NULL ELSE coalesce({column}, 0) END"
            shown.append(f'{value} AS "{title}"')
        joins.append(f"LEFT JOIN counted_{number} c{number} ON c{number}.id = ids->>'$.\"{integration}\"'")
    file = os.path.join(folder, "peer.csv")
    database.execute(
        f"COPY (SELECT name AS \"Company\", {', '.join(shown)} FROM companies {' '.join(joins)} ORDER BY place) TO '{file}' (HEADER)"
    )
    return len(listed), len(shown) + 1


measured(work)
