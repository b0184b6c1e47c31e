# ruff: noqa: E501 - a rule a line is easier to read
"""What a text column holds by the field that its table is from: the address of a network is no street.

Rules by the last words of a column's name and by the words around it, the table's and those of its other columns;
the first that fits. What is the same in every field is in `column_texts.py`, codes are in `codes.py`.
"""

from __future__ import annotations

from functools import cache

from .model import Schema, Table
from .naming import ends, has, kind_of_table, people_columns, snake
from .sources import Between, Bits, Choice, Person, Piece, Pool, Source, Text

NETWORK = (
    "subnet|vlan|vrf|ip|ipaddress|ipaddr|ip_addr|dns|dhcp|snmp|nat|bgp|router|routing|firewall|mac|hostname|lan|wan|cidr|"
    "netmask|nameserver|ipv4|ipv6|circuit|pstn"
)
MEDICAL = (
    "patient|diagnosis|diagnoses|symptom|doctor|vet|pet|clinic|clinical|treatment|medication|medical|health|drug|dose|"
    "specimen|lab|labevent|prescription|icd|hospital|nurse|physician|microbiology|hadm|careunit|encounter|vaccine|"
    "allergy|allergies"
)
COMPUTING = (
    "java|datatype|handler|config|configuration|json|xml|schema|deployment|bytearray|api|oauth|"
    "token|script|workflow|scheduler|plugin|extension|widget|hl7"
)
_VOCABULARY = {"network": NETWORK, "medical": MEDICAL, "computing": COMPUTING}
_SHARES = {"network": 0.25, "medical": 0.12, "computing": 0.3}
"""So many of a schema's tables speak of a field before the others are taken to be of it, too."""


@cache
def _surroundings(table: Table) -> str:
    """The words of a table and its columns, as one name."""
    return "_".join([snake(table.name), *(snake(column.name) for column in table.columns)])


@cache
def _fields(names: tuple[str, ...]) -> frozenset[str]:
    """The fields that the names of many of the tables speak of."""
    found = {
        field
        for field, words in _VOCABULARY.items()
        if sum(has(words, snake(name)) for name in names) >= max(2, _SHARES[field] * len(names))
    }
    return frozenset(found)


def is_about(field: str, schema: Schema, table: Table) -> bool:
    """Whether a table, or its schema, is about "network", "medical" or "computing" matters."""
    if has(_VOCABULARY[field], _surroundings(table)):
        return True
    return field in _fields(tuple(other.name for other in schema.tables))


def few(values: str, power: float = 0.6) -> Choice:
    """The values between the bars, most frequent first."""
    listed = tuple(values.split("|"))
    return Choice(listed, tuple((rank + 1) ** -power for rank in range(len(listed))))


def _digits(before: str, count: int, after: str = "") -> Text:
    pieces = [Piece(literal=before)] if before else []
    pieces.append(Piece(kind="number", count=count))
    return Text((*pieces, *((Piece(literal=after),) if after else ())))


_ADDRESS = Text((Piece(pool=Pool("network")), Piece(kind="number", count=2)))
_LATITUDE, _LONGITUDE = Between(26.0, 47.0, digits=5), Between(-121.0, -71.0, digits=5)
_POINT = Text(
    (Piece(literal="POINT(-"), Piece(kind="number", count=2), Piece(literal="."), Piece(kind="number", count=4),
     Piece(literal=" 4"), Piece(kind="number", count=1), Piece(literal="."), Piece(kind="number", count=4),
     Piece(literal=")"))
)  # fmt: skip
_CLASS = Text((Piece(literal="org.example."), Piece(pool=Pool("class_name"))))
_PICTURE = Text((Piece(literal="/uploads/"), Piece(pool=Pool("phrase"), filters=("slug",)), Piece(literal=".jpg")))
_FOLDER = Text((Piece(literal="/"), Piece(pool=Pool("folder"))))

_Rule = tuple[str, str, int, Source]
_RULES: tuple[_Rule, ...] = (
    # Networks and machines
    ("subnet|subnet_cidr|cidr|netblock|ip_range|network|supernet|ip_prefix|network_address", "network", 14, Pool("subnet")),
    ("mask|netmask|subnet_mask|net_mask", "network", 13, few("255.255.255.0|255.255.0.0|255.255.255.128|255.255.254.0")),
    ("mask|netmask", "network", 2, few("24|16|25|26|22")),
    (
        (
            "gateway|nameserver|dns|dns_server|dns1|dns2|ntp|ntp_server|loopback|router_id|broadcast|bind_address|listen_address|"
            "local_address|peer_address|remote_address|server_address|host_address|source_address|destination_address|"
            "src|dst|src_addr|dst_addr|next_hop|nat_address|ipv4|ipv4_address|ip4|addr_ip|ip_start|ip_end|start_ip|end_ip|"
            "first_ip|last_ip|powerdns|dhcp"
        ),
        "network",
        13,
        _ADDRESS,
    ),
    ("ipv6|ipv6_address|ip6", "", 16, Text((Piece(literal="2001:db8::"), Piece(kind="number", count=4)))),
    ("interface|ifname|if_name|nic|port_name|iface", "network", 8, few("eth0|eth1|Gi1/0/1|Gi1/0/2|Gi1/0/24|lo0|vlan20|bond0")),
    ("snmp_community|community", "network", 7, few("public|monitoring|readonly|noc")),
    ("snmp_version", "", 1, few("2c|3|1")),
    ("sec_level|security_level", "", 6, few("authPriv|authNoPriv|noAuthNoPriv")),
    ("auth_protocol", "", 3, few("SHA|MD5|none")),
    ("priv_protocol|encryption", "", 3, few("AES|DES|none")),
    ("protocol|proto|transport", "", 4, few("tcp|udp|http|icmp")),
    ("port", "network", 5, few("443|80|22|8080|5432|53")),
    ("zone", "network", 3, few("internal|external|dmz|guest|management")),
    ("os|operating_system|os_name", "", 8, few("Ubuntu 22.04|Windows 11|Debian 12|macOS 14|iOS 17|Android 14")),
    ("platform", "", 7, few("web|ios|android|windows|linux")),
    ("vrf|vrf_name|rd", "network", 9, few("65000:10|65000:20|65000:30|65010:10")),
    ("color|colour", "network", 7, few("#1f77b4|#2ca02c|#d62728|#ff7f0e")),
    # Programs
    ("handler|java_class|javaclass|java_class_name|renderer|listener|implementation|callback", "", 32, _CLASS),
    ("class|class_name|classname|type_class", "java|handler|bean|plugin|datatype", 48, _CLASS),
    (
        "datatype|data_type|value_type|field_type|column_type|variable_type|var_type|input_type|param_type|attr_type|sql_type",
        "",
        7,
        few("string|integer|date|boolean|decimal|text"),
    ),
    ("encoding|charset|character_set|codepage", "", 5, few("UTF-8|ISO-8859-1|ASCII|UTF-16")),
    ("cron|cron_expression|crontab", "", 11, few("0 3 * * *|*/15 * * * *|0 0 * * 1|30 6 1 * *")),
    ("date_format|time_format|time_pattern|date_pattern", "", 10, few("yyyy-MM-dd|dd.MM.yyyy|MM/dd/yyyy|HH:mm")),
    ("regex|regexp|validation_regex|pattern", "computing", 12, few("^[A-Z]{3}$|^[0-9]+$|^[a-z_]+$|^.{1,80}$")),
    ("sql|sql_query|query_text|query_string", "", 60, few("SELECT count(*) FROM orders|SELECT name FROM users WHERE active = 1")),
    ("algorithm|hash_algorithm|cipher|hash_method", "", 7, few("sha256|bcrypt|sha512|argon2|aes-256")),
    ("code_challenge_method|challenge_method", "", 5, few("S256|plain")),
    ("code_challenge|code_verifier|etag|fingerprint|thumbprint|client_id|consumer_key|api_key|app_key", "", 16, Bits(32)),
    ("scope|scopes", "", 10, few("read|read write|profile email|openid|admin")),
    ("permission|permissions|privilege|privileges", "", 20, Pool("permission")),
    ("role|roles|role_name|user_role|parent_role|child_role", "user|permission|group|privilege|role|login|account", 8, Pool("role")),
    ("xml|xml_data|xml_content", "", 20, few('<entry type="new"/>|<entry type="changed"/>|<data><value>1</value></data>')),
    ("html|markup|html_content", "", 40, few("<p>Welcome.</p>|<p>Thank you for your visit.</p>|<h1>News</h1>")),
    ("script|formula|expression", "computing", 16, few("a + b|price * quantity|score > 3|round(total, 2)")),
    ("photo_path|image_path|picture_path|logo_path|avatar_path", "", 40, _PICTURE),
    ("path|full_path|fullpath|directory|dir|folder|virtual_path|base_path|mount_point|location_path|physical_path", "", 16, _FOLDER),
    ("service|provider", "auth|oauth|login|identity|social|sso|authentication", 9, few("google|github|microsoft|apple")),
    ("provider|service_provider", "", 24, Pool("company")),
    ("scheme", "", 5, few("https|http|ftp")),
    ("icon|icon_class|icon_name", "", 8, few("home|user|cart|star|folder|calendar|chart|lock")),
    ("template|template_name|layout|skin|theme", "", 8, few("default|compact|wide|classic|dark")),
    ("operator|logical_operator|combinator", "computing|concept|rule|filter|query", 3, few("AND|OR|NOT")),
    ("comparator|comparison|comparison_operator|condition_operator", "", 2, few("=|>|<|>=|<=")),
    ("field|field_name|column_name|attribute_name|property_name|fieldname", "", 11, few("status|name|email|price|quantity|due_date")),
    ("table_name|entity_name|object_name|model_name|entity|table", "", 9, few("orders|customers|products|invoices|users")),
    ("event|standard_event|variable_event|trigger|hook", "computing|case|log|note|issue|audit", 7, few("create|update|complete|delete|close")),
    ("variable_name|var_name|param_name|parameter_name", "", 11, few("amount|approved|assignee|due_date|attempt|comment")),
    ("setting_name|setting_key|option_name|config_key|preference_key|property|property_key", "", 16, Pool("setting")),
    ("property_value|setting_value|config_value|pref_value", "", 6, Pool("setting_value")),
    ("configuration|handler_config|datatype_config", "", 16, few("{}|{\"strict\": true}|{\"limit\": 20}|{\"mode\": \"fast\"}")),
    ("format|file_format|image_format|output_format|export_format", "file|document|image|report|export|attachment|description|template|print|printer|formname", 4, few("pdf|text|html|csv|png")),
    # Medicine
    ("unit|uom|dose_unit|valueuom|unit_disp|dose_unit_rx|units|unit_source", "medical", 5, few("mg|mL|g|mcg|IU|mg/dL|mmHg")),
    ("route|route_source|administration_route", "medical", 12, few("oral|intravenous|subcutaneous|topical|inhaled")),
    ("dose|dosage|strength|prod_strength|dose_val_rx|dose_val", "medical", 7, few("500 mg|50 mg|10 mg|5 mL|1 g|20 mg")),
    ("form|dosage_form|form_rx|drug_form", "medical", 9, few("tablet|capsule|solution|injection|cream")),
    ("sig|dosing_instructions|frequency|doses", "medical", 20, few("once daily|twice daily|every 8 hours|as needed|at bedtime")),
    ("specimen|specimen_type|specimen_source|spec_type|spec_type_desc|sample_type|fluid", "medical", 6, few("blood|urine|swab|sputum|tissue")),
    ("careunit|care_unit|ward|curr_service|prev_service|service", "medical", 18, few("Medicine|Surgery|Cardiology|Neurology|Intensive Care|Emergency")),
    (
        "admission_location|discharge_location|admitted_from|discharged_to|place_of_service|admit_source",
        "",
        16,
        few("Home|Emergency Room|Clinic Referral|Nursing Facility|Transfer"),
    ),
    ("interpretation|susceptibility", "medical", 1, few("S|R|I")),
    ("test_name|lab_name|result_name|measurement|test|lab_test|observation_source", "medical", 12, Pool("lab_test")),
    ("result|result_value|value_as_string|finding", "medical", 8, few("normal|negative|positive|elevated|trace")),
    ("org_name|organism|pathogen", "medical", 24, few("Escherichia coli|Staphylococcus aureus|Klebsiella pneumoniae|no growth")),
    ("ab_name|antibiotic", "medical", 14, few("Amoxicillin|Ciprofloxacin|Gentamicin|Vancomycin")),
    ("dilution_comparison|value_comparison", "", 2, few("=|<=|>=")),
    ("dilution_text", "", 4, few("<=4|8|16|>=32")),
    ("cause_of_death|cause_of_death_non_coded|death_cause|allergen|diagnosis_name|problem", "medical", 20, Pool("condition")),
    ("category", "lab|labitem|labevent|specimen", 9, few("Chemistry|Hematology|Blood Gas|Urinalysis")),
    ("value|field_value", "medical", 6, few("normal|negative|98.6|120|positive|12")),
    ("abnormal|flag|abnormal_flag", "medical", 8, few("abnormal|high|low|delta")),
    ("modifier|qualifier|modifier_source|qualifier_source", "medical", 9, few("left|right|bilateral|acute|chronic")),
    ("condition_status", "medical", 12, few("admission|discharge|confirmed|suspected")),
    ("title|long_title|short_title|long_description|short_description", "icd|drg|hcpcs|loinc|snomed", 20, Pool("condition")),
    # Goods and money
    ("terms_and_conditions|terms_conditions|conditions_text", "", 20, few("Payment within 30 days.|Goods remain ours until paid.|Returns within 14 days.")),
    ("unit_name", "", 2, few("kg|each|l|m|box|pair")),
    (
        "unit_measure_code|uom_code|unit_code|size_unit_measure_code|weight_unit_measure_code|measure_code|unit_measure",
        "",
        3,
        few("EA|KG|CM|BOX|L|G|PCS|M"),
    ),
    ("currency_code|from_currency|to_currency|currency_iso|from_currency_code|to_currency_code|base_currency|ccy", "", 3, few("USD|EUR|GBP|CAD|JPY|CHF")),
    ("payment_terms|terms|payment_term|credit_terms", "", 8, few("Net 30|Net 14|Net 60|On receipt")),
    ("method", "payment|order|invoice|refund|deposit|checkout|donation", 4, few("card|cash|bank transfer|voucher")),
    ("incoterm|incoterms", "", 3, few("EXW|FOB|CIF|DAP|DDP")),
    ("ship_method|shipping_method|delivery_method|ship_via|shipment_method|shipping_type", "", 10, few("Standard|Express|Pickup|Freight|Overnight")),
    ("bin|bin_location|shelf|shelf_location|aisle|bay", "", 4, Text((Piece(kind="letters", count=1), Piece(literal="-"), Piece(kind="number", count=2)))),
    ("dimensions|dimension|package_dimensions|size_text", "", 14, few("20 x 15 x 8 cm|40 x 30 x 20 cm|12 x 12 x 5 cm|60 x 40 x 35 cm")),
    ("material|fabric", "", 8, few("cotton|oak|steel|wool|glass|bamboo")),
    ("warranty|warranty_period|guarantee", "", 8, few("2 years|1 year|6 months|none")),
    ("condition|item_condition", "item|product|asset|vehicle|car|copy|book|stock|equipment", 4, few("good|new|fair|used|worn")),
    ("deposited_to|deposit_to|gl_account|ledger_account|inventory_account|income_account|expense_account", "", 16, few("Checking|Cash on hand|Inventory|Sales|Undeposited funds")),
    ("price_prefix|points_prefix|weight_prefix|sign", "", 1, few("+|-", 2.0)),
    ("tax_class|tax_name|tax_code_name|vat_class", "", 13, few("Standard rate|Reduced rate|Exempt|Zero rate")),
    ("industry|sector|industry_type", "", 10, few("Retail|Construction|Software|Logistics|Education|Health")),
    ("industry_code|sic_code|naics_code", "", 4, _digits("", 4)),
    ("pack_size|package_size|quantity_per_unit", "", 7, few("12 boxes|24 bottles|10 bags|6 jars|500 g|1 kg bag")),
    ("household_size|family_size|group_size|class_size", "", 1, few("2|1|3|4|5|6")),
    # People
    ("contact_person|requester|requested|assignee|approver|conductor|producer|artist_credit|from_name|to_name|sender_name", "", 12, Person("full")),
    ("nationality", "", 9, few("American|Canadian|British|German|French|Spanish|Italian")),
    ("education|degree|education_level|qualification", "", 9, few("Bachelor|Master|High school|Doctorate|Vocational")),
    ("skill|skills", "", 10, few("Accounting|Spanish|Welding|Python|Negotiation|First aid")),
    ("pronoun|pronouns", "", 9, few("she/her|he/him|they/them")),
    # Places
    ("latitude|lat", "", 8, _LATITUDE),
    ("longitude|lon|lng|long", "", 10, _LONGITUDE),
    ("spatial_location|geom|geometry|coordinates|coordinate|geo_point|geo_location", "", 24, _POINT),
    ("location", "network|rack|asset|equipment|machine|inventory", 8, Pool("spot")),
    ("location|shelf_location", "subject|book|library|shelf", 8, few("Main floor|Second floor|Reading room|Basement|Annex")),
    ("building|building_name", "", 10, few("Main Building|East Wing|Annex|Tower B|Warehouse")),
    ("room|room_number|office_number|room_no|office", "", 4, Text((Piece(kind="number", count=3),))),
    ("floor|storey", "", 3, few("1st|2nd|3rd|ground")),
    ("address3|address_line3|line_three|line_3|address_line_3|address_3", "", 8, Pool("secondary_address", faker=True)),
    ("line_two|line_2|address_line_two", "", 8, Pool("secondary_address", faker=True)),
    ("line_one|line_1|address_line_one", "", 16, Pool("street")),
    ("city_village|village|settlement|ship_city|locality", "", 8, Pool("city")),
    ("county|county_district|district|borough|parish", "", 8, Pool("county")),
    ("continent", "", 9, few("Europe|North America|Asia|South America|Africa|Oceania")),
    ("mail_code|mailcode|mail_stop", "", 5, _digits("", 5)),
    # Times
    ("opening_hours|business_hours|hours|availability", "", 13, few("Mon-Fri 9-17|Mon-Sat 8-18|daily 10-20|by appointment")),
    ("quarter|quarter_name|quarter_desc", "", 2, few("Q1|Q2|Q3|Q4", 0.0)),
    ("day_name|weekday_name", "", 6, few("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday", 0.0)),
    ("month_name|month_desc", "", 3, few("January|February|March|April|May|June|July|August|September|October|November|December", 0.0)),
    ("season", "", 6, few("spring|summer|autumn|winter")),
    ("academic_year|fiscal_year|school_year", "", 7, few("2024/25|2023/24|2022/23")),
    ("semester|term", "student|course|class|enrollment|school|grade", 4, few("Fall|Spring|Summer")),
    ("duration|interval|cycle", "", 8, few("30 min|1 hour|45 min|2 hours|1 day")),
    # Words about words
    ("locale|culture|culture_code|locale_code|lang_code|language_code|iso_language|language_tag", "", 5, few("en-US|en-GB|es-ES|fr-FR|de-DE")),
    ("lang|language|lang_code|language_code|locale|iso_language|language_id|culture_id", "", 2, few("en|es|fr|de|it")),
    ("stop_word|word|search_term|keyword_text", "", 8, Pool("word")),
    ("tag_key|k", "tag", 1, few("name|type|source|note|ref|color")),
    ("tag_value|v", "tag", 1, few("yes|main|no|local|12|red")),
    ("values|allowed_value|field_value|attribute_value|variable_value|option_value|value_reference|value|val|property_value|text_value|string_value", "", 6, few("yes|no|standard|none|12|red|large|2024", 0.3)),
    ("mood", "", 9, few("calm|cheerful|tense|dreamy")),
    ("instrument", "", 6, few("piano|guitar|violin|drums|flute|cello")),
)  # fmt: skip


def meant(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """The source of a text column by its field; None when no rule is about it."""
    for words, context, least, source in _RULES:
        if (
            ends(words, name)
            and (least <= length or isinstance(source, Choice))
            and _fits(context, schema, table, name)
        ):
            fitting = _shorter(source, length) if isinstance(source, Choice) else source
            if fitting is not None:
                return fitting
    return _homonym(schema, table, name, length)


def _fits(context: str, schema: Schema, table: Table, name: str) -> bool:
    if not context:
        return True
    if context in _VOCABULARY:
        return is_about(context, schema, table) or has(_VOCABULARY[context], name)
    first, _, rest = context.partition("|")
    if first in _VOCABULARY and is_about(first, schema, table):
        return True
    return has(rest if first in _VOCABULARY else context, _surroundings(table))


def _shorter(source: Choice, length: int) -> Choice | None:
    """The values that have room."""
    pairs = [
        (value, weight)
        for value, weight in zip(source.values, source.weights, strict=True)
        if len(str(value)) <= length
    ]
    return Choice(tuple(value for value, _ in pairs), tuple(weight for _, weight in pairs)) if len(pairs) > 1 else None


def _homonym(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """Words that mean another thing beside others."""
    first, last, _ = people_columns(table)
    names = [snake(column.name) for column in table.columns]
    if ends("address|addr", name) and length >= 13 and not ends("email_address|mac_address", name):
        posted = any(has("city|zip|zipcode|postcode|postal|postal_code|street|town", other) for other in names)
        lived = posted or has(
            "customer|location|provider|site|branch|office|contact|supplier|company|person", snake(table.name)
        )
        if is_about("network", schema, table) and not lived:
            return _ADDRESS
    if name == "title" and first and last:
        courteous = length <= 12 or any(ends("suffix|name_style|salutation", other) for other in names)
        return few("Ms.|Mr.|Mrs.|Dr.") if courteous else Pool("job")
    if name == "title" and any(_lists_people(schema.table(key.target)) for key in table.foreign_keys):
        dated = any(ends("from_date|to_date|start_date|end_date|salary", other) for other in names)
        return Pool("job") if dated and ends("title|position|job|role|employment", snake(table.name)) else None
    if ends("prefix", name) and not (first or last) and kind_of_table(table) != "person":
        return Text((Piece(kind="letters", count=min(3, length)),))
    return None


def _lists_people(table: Table) -> bool:
    return kind_of_table(table) == "person"
