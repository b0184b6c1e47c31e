"""Texts of rows look like what such columns hold: names, keys, codes and states of the field that a table is from."""

from __future__ import annotations

import re

import pytest

from schemas import build_snapshot, count_violations, fill, open_snapshot, parse_recipe, read_ddl
from schemas.pools import own_pool

NOW = "2025-06-30 12:00:00"
NETWORK = """
CREATE TABLE subnets (id INTEGER PRIMARY KEY, subnet VARCHAR(64) NOT NULL, description TEXT);
CREATE TABLE vlans (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, permissions VARCHAR(128) NOT NULL);
CREATE TABLE racks (id INTEGER PRIMARY KEY, name VARCHAR(64) NOT NULL);
CREATE TABLE devices (id INTEGER PRIMARY KEY, sections VARCHAR(100) NOT NULL, snmp_v3_auth_pass VARCHAR(64) NOT NULL,
  snmp_v3_ctx_engine_id VARCHAR(64) NOT NULL, snmp_queries VARCHAR(128) NOT NULL);
CREATE TABLE userGroups (g_id INTEGER PRIMARY KEY, g_name VARCHAR(32) NOT NULL, g_desc VARCHAR(200));
CREATE TABLE circuitProviders (id INTEGER PRIMARY KEY, name VARCHAR(200) NOT NULL, contact VARCHAR(128) NOT NULL);
CREATE TABLE circuitTypes (id INTEGER PRIMARY KEY, ctname VARCHAR(64) NOT NULL);
CREATE TABLE circuits (id INTEGER PRIMARY KEY, capacity VARCHAR(60) NOT NULL, comment TEXT NOT NULL);
CREATE TABLE customers (id INTEGER PRIMARY KEY, title VARCHAR(120) NOT NULL, address VARCHAR(100),
  contact_person VARCHAR(80) NOT NULL);
CREATE TABLE nameservers (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, namesrv1 VARCHAR(200) NOT NULL);
CREATE TABLE pstnPrefixes (id INTEGER PRIMARY KEY, name VARCHAR(128) NOT NULL, prefix VARCHAR(32) NOT NULL,
  start VARCHAR(32) NOT NULL, stop VARCHAR(32) NOT NULL);
CREATE TABLE changelog (id INTEGER PRIMARY KEY, ctype TEXT NOT NULL, caction TEXT NOT NULL, cdiff TEXT NOT NULL);
CREATE TABLE requests (id INTEGER PRIMARY KEY, ip_addr VARCHAR(40) NOT NULL, comment TEXT NOT NULL);
CREATE TABLE passkeys (id INTEGER PRIMARY KEY, credentialId TEXT NOT NULL, keyId TEXT NOT NULL,
  credential TEXT NOT NULL, comment TEXT NOT NULL);
CREATE TABLE php_sessions (id VARCHAR(128) PRIMARY KEY, data TEXT NOT NULL);
"""
CLINIC = """
CREATE TABLE patients (id INTEGER PRIMARY KEY, birth_date DATE NOT NULL, allergy_status VARCHAR(50) NOT NULL);
CREATE TABLE allergy (id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients (id),
  non_coded_allergen VARCHAR(255) NOT NULL, allergen_type VARCHAR(50) NOT NULL, reaction VARCHAR(60) NOT NULL);
CREATE TABLE conditions (id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients (id),
  clinical_status VARCHAR(50) NOT NULL, verification_status VARCHAR(50) NOT NULL, certainty VARCHAR(50) NOT NULL);
CREATE TABLE concept_name (id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL);
CREATE TABLE program (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, description TEXT);
CREATE TABLE form (id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL);
CREATE TABLE visit_type (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, note_type VARCHAR(50) NOT NULL, patient_id INTEGER REFERENCES patients (id));
CREATE TABLE orders (id INTEGER PRIMARY KEY, patient_id INTEGER NOT NULL REFERENCES patients (id),
  form_namespace_and_path VARCHAR(255) NOT NULL, fulfiller_status VARCHAR(50) NOT NULL, urgency VARCHAR(50) NOT NULL,
  edit_privilege VARCHAR(100) NOT NULL);
CREATE TABLE hl7_in_queue (id INTEGER PRIMARY KEY, hl7_data TEXT NOT NULL);
"""
OFFICE = """
CREATE TABLE departments (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, group_name VARCHAR(60) NOT NULL,
  head VARCHAR(80) NOT NULL);
CREATE TABLE documents (document_node VARCHAR(100) PRIMARY KEY, merged_data TEXT NOT NULL,
  confidence VARCHAR(20) NOT NULL);
CREATE TABLE klienci (id INTEGER PRIMARY KEY, imie VARCHAR(30) NOT NULL, nazwisko VARCHAR(30) NOT NULL,
  miasto VARCHAR(30) NOT NULL);
CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, product_number VARCHAR(25) NOT NULL UNIQUE);
CREATE TABLE sales (id INTEGER PRIMARY KEY, account_number VARCHAR(15) NOT NULL,
  credit_card_approval_code VARCHAR(15) NOT NULL, transaction_type VARCHAR(20) NOT NULL, product_line CHAR(2) NOT NULL);
CREATE TABLE customers (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, account_number VARCHAR(15) NOT NULL UNIQUE,
  preferred_name VARCHAR(40) NOT NULL, risk_rating VARCHAR(10) NOT NULL, kyc_status VARCHAR(20) NOT NULL,
  status VARCHAR(20) NOT NULL);
CREATE TABLE gizmos (id INTEGER PRIMARY KEY, zorp VARCHAR(40) NOT NULL, blat VARCHAR(40) NOT NULL UNIQUE);
CREATE TABLE tickets (id INTEGER PRIMARY KEY, subject VARCHAR(100) NOT NULL, description TEXT NOT NULL);
CREATE TABLE loans (id INTEGER PRIMARY KEY, interest_rate NUMERIC(5, 2) NOT NULL, status VARCHAR(20) NOT NULL);
CREATE TABLE hotels (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, star_rating VARCHAR(5) NOT NULL);
CREATE TABLE sensors (id INTEGER PRIMARY KEY, sensor_type VARCHAR(30) NOT NULL, unit VARCHAR(15) NOT NULL,
  level VARCHAR(20) NOT NULL);
CREATE TABLE emp_dependents (id INTEGER PRIMARY KEY, ed_name VARCHAR(60) NOT NULL);
CREATE TABLE order_options (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL);
CREATE TABLE device_codes (id INTEGER PRIMARY KEY, user_code VARCHAR(20) NOT NULL UNIQUE,
  image_asset_path VARCHAR(200) NOT NULL, invoice_prefix VARCHAR(20) NOT NULL, shipping_method VARCHAR(40) NOT NULL,
  payment_method VARCHAR(40) NOT NULL);
CREATE TABLE airports (id INTEGER PRIMARY KEY, city VARCHAR(60) NOT NULL, name VARCHAR(80) NOT NULL);
"""


def one_of(words):
    return "|".join(map(re.escape, words.split("|")))


def from_pool(name):
    """An entry of a pool, with a number behind it where a name is in use already."""
    return rf"(?:{'|'.join(map(re.escape, map(str, own_pool(name))))})(?: ?\d+)?"


ADDRESS = r"\d+\.\d+\.\d+\.\d+"
PERSON = r"[A-Z][\w'-]+ [A-Z][\w'-]+"
SHAPES = {
    NETWORK: {
        "vlans.name": from_pool("vlan_name"),
        "vlans.permissions": r"(?:subnet|vlan|rack|device|circuit|customer|name|request|pstn|passkey|user)\w*s\.\w+",
        "subnets.subnet": r"\d+\.\d+\.\d+\.\d+/\d+",
        "racks.name": from_pool("rack_name"),
        "devices.sections": r"\d(?:;\d)*",
        "devices.snmp_v3_auth_pass": r"[A-Za-z0-9]{12}",
        "devices.snmp_v3_ctx_engine_id": r"80001f8880[0-9a-f]{16}",
        "devices.snmp_queries": r"get_[a-z_;]+",
        "userGroups.g_name": from_pool("user_group"),
        "circuitProviders.name": from_pool("telecom"),
        "circuitTypes.ctname": from_pool("circuit_type"),
        "circuits.capacity": r"\d+ [MG]bps",
        "customers.title": from_pool("company"),
        "nameservers.name": from_pool("resolvers"),
        "nameservers.namesrv1": rf"{ADDRESS};{ADDRESS}",
        "pstnPrefixes.name": from_pool("phone_range"),
        "pstnPrefixes.prefix": r"\+1\d{3}",
        "pstnPrefixes.start": r"\d000",
        "pstnPrefixes.stop": r"\d999",
        "changelog.ctype": r"[a-z_]+",
        "changelog.cdiff": r"\{.*\}",
        "requests.comment": from_pool("network_request"),
        "passkeys.credentialId": r"[A-Za-z0-9]{22}",
        "passkeys.keyId": r"[A-Za-z0-9]{22}",
        "passkeys.credential": r"pQECAyYg[A-Za-z0-9]{40}",
        "passkeys.comment": from_pool("passkey"),
        "php_sessions.id": r"[0-9a-f]{32}",
        "php_sessions.data": r"\w+\|.*",
    },
    CLINIC: {
        "patients.allergy_status": one_of("No known allergies|See list|Unknown"),
        "allergy.non_coded_allergen": from_pool("allergen"),
        "allergy.allergen_type": one_of("drug|food|environment|other"),
        "allergy.reaction": one_of("Hives|Itching|Swelling|Shortness of breath|Nausea|Anaphylaxis|Rash"),
        "conditions.clinical_status": one_of("active|resolved|inactive|remission|recurrence"),
        "conditions.verification_status": one_of("confirmed|provisional|unconfirmed|refuted"),
        "conditions.certainty": one_of("confirmed|provisional"),
        "concept_name.name": from_pool("concept"),
        "program.name": from_pool("care_program"),
        "program.description": from_pool("care_use"),
        "form.name": from_pool("care_form"),
        "visit_type.name": from_pool("visit_type"),
        "note.note_type": one_of("progress|discharge|admission|nursing|consult|operative"),
        "orders.form_namespace_and_path": r"[\w.]+\^\w+[./]\d",
        "orders.fulfiller_status": one_of("completed|received|in progress|on hold|declined|exception"),
        "orders.urgency": one_of("routine|urgent|stat"),
        "orders.edit_privilege": r"(?:patients|allergies|conditions|concept_names|programs|forms|notes|orders)\.\w+",
        "hl7_in_queue.hl7_data": r"MSH\|.*",
    },
    OFFICE: {
        "emp_dependents.ed_name": PERSON,
        "order_options.name": from_pool("option_name"),
        "device_codes.user_code": r"[A-Z]{4}-[A-Z]{4}",
        "device_codes.image_asset_path": r"/uploads/[a-z-]+\.jpg",
        "device_codes.invoice_prefix": r"[A-Z0-9]+-",
        "device_codes.shipping_method": one_of("Standard|Express|Pickup|Freight|Overnight"),
        "device_codes.payment_method": one_of("card|cash|bank transfer|voucher"),
        "departments.group_name": r"[A-Z][\w ]+",
        "departments.head": PERSON,
        "documents.document_node": r"/\d/\d/\d\d/",
        "documents.merged_data": r"\{.*\}",
        "documents.confidence": one_of("high|medium|low"),
        "klienci.imie": r"[A-Z]\w+",
        "klienci.nazwisko": r"[A-Z]\w+",
        "klienci.miasto": from_pool("city"),
        "products.product_number": r"[A-Z-]{1,4}-\d{4}",
        "sales.account_number": r"\d{10}",
        "sales.credit_card_approval_code": r"\d{6}",
        "sales.transaction_type": r"\w{3,}",
        "sales.product_line": r"[RMTS]",
        "customers.account_number": r"\d{10}",
        "customers.risk_rating": one_of("low|medium|high"),
        "customers.kyc_status": one_of("verified|pending|rejected|expired"),
        "customers.status": one_of("active|inactive|suspended"),
        "gizmos.zorp": one_of("standard|basic|extended|other|special|custom"),
        "tickets.description": from_pool("problem_text"),
        "loans.status": one_of("active|paid off|in arrears|defaulted|pending"),
        "hotels.name": from_pool("hotel"),
        "hotels.star_rating": r"[2-5]",
        "sensors.sensor_type": one_of("temperature|humidity|pressure|motion|CO2|light"),
        "sensors.unit": one_of("°C|%|hPa|lux|ppm|V"),
        "sensors.level": one_of("medium|low|high|basic|advanced"),
    },
}


def filled(sql, rows=None, seed=1):
    schema = read_ddl(sql, dialect="sqlite", infer=False).schema
    data = fill(schema, parse_recipe({}, schema), rows=rows or 40 * len(schema.tables), seed=seed, now=NOW)
    assert count_violations(open_snapshot(build_snapshot(schema, data))) == 0
    return data


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("sql", SHAPES, ids=["network", "clinic", "office"])
def test_texts_look_like_what_their_columns_hold(sql, seed):
    data = filled(sql, seed=seed)
    wrong = {}
    for column, shape in SHAPES[sql].items():
        table, name = column.split(".")
        texts = [row[name] for row in data[table] if row[name] is not None]
        assert texts, column
        found = [text for text in texts if not re.fullmatch(shape, text)]
        if found:
            wrong[column] = found[:3]
    assert wrong == {}


def test_a_row_is_named_after_its_own_columns_where_these_say_more():
    data = filled(OFFICE)
    assert all(row["preferred_name"] == row["first_name"] for row in data["customers"])
    assert all(row["name"].startswith(row["city"]) for row in data["airports"])


def test_a_text_of_which_nothing_is_known_does_not_repeat_the_name_of_its_column():
    data = filled(OFFICE)
    assert not [row for row in data["gizmos"] if "zorp" in row["zorp"] or "blat" in row["blat"].lower()]


def test_permissions_and_kinds_of_objects_are_those_of_the_schema():
    data = filled(NETWORK)
    named = {row["permissions"] for row in data["vlans"]} | {row["ctype"] for row in data["changelog"]}
    assert not [word for word in named if re.match("order|invoice|product|report", word)]
    assert {row["ctype"] for row in data["changelog"]} & {"subnet", "vlan", "device"}


def test_a_description_says_more_than_the_name_of_its_row():
    sql = "CREATE TABLE {} (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL, description VARCHAR(200));"
    for table in ("banners", "vrfs", "tax_classes", "visit_types"):
        rows = filled(sql.format(table), rows=150)[table]
        told = [row for row in rows if row["description"]]
        assert 30 < len(told) < 120
        assert not [row for row in told if row["name"].lower() in row["description"].lower()]


def test_a_list_with_more_entries_than_kinds_composes_names_before_it_numbers_them():
    data = filled("CREATE TABLE field_type (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);", rows=25)
    assert not [row["name"] for row in data["field_type"] if re.search(r"\d", row["name"])]
