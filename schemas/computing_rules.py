# ruff: noqa: E501 - a rule a line is easier to read
"""Texts of programs and of what they keep: keys, sessions, data, names of fields and classes."""

from __future__ import annotations

from .sources import Bits, Choice, Piece, Pool, Text
from .text_rules import Rule, few, marks, shape

_CLASS = Text((Piece(literal="org.example."), Piece(pool=Pool("class_name"))))
_PICTURE = Text((Piece(literal="/uploads/"), Piece(pool=Pool("phrase"), filters=("slug",)), Piece(literal=".jpg")))
_FOLDER = Text((Piece(literal="/"), Piece(pool=Pool("folder"))))
_LOGIN = Text(
    (Piece(pool=Pool("first_name", faker=True), filters=("initial", "lower")),
     Piece(pool=Pool("last_name", faker=True), filters=("slug",)))
)  # fmt: skip
_SESSION = Choice(
    ('lang|s:2:"en";', 'user_id|i:12;lang|s:2:"en";', 'user_id|i:7;theme|s:4:"dark";', "user_id|i:31;", "cart|a:0:{}"),
    (2.0, 3.0, 2.0, 2.0, 1.0),
)
_RECORDS = Choice(
    ('{"id": 12, "status": "new"}', '{"id": 48, "status": "done"}', '{"ids": [3, 7]}', '{"note": "checked", "count": 2}',
     '{"from": 3, "to": 5}', '{"name": "main", "active": true}', '{"value": 12.5}', '{"name": "spare", "active": false}'),
    (1.0,) * 8,
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    ("form_namespace_and_path|namespace_and_path|form_path", "", 24, Pool("form_path")),
    ("value|value_reference|attribute_value", "person_attribute|patient_attribute|user_attribute|attribute_type_id|person_attribute_type_id", 8, few("yes|no|Married|Teacher|12|2019|Green Street|English")),
    ("credential_id|key_id|raw_id|access_key_id|kid", "passkey|webauthn|credential|certificate|api|jwk|signing", 22, marks("mixed", 22)),
    ("credential|credential_data|public_key|private_key|passkey_data|attestation|cose_key", "", 48, marks("mixed", 40, "pQECAyYg")),
    ("comment|label|nickname|name", "passkey|webauthn", 12, Pool("passkey")),
    ("values|value|secret|content", "vault", 44, marks("mixed", 43)),
    ("test", "vault", 32, Bits(64)),
    ("data|session_data|payload", "session", 20, _SESSION),
    ("*md5|md5sum|md5_sum|ha1", "", 32, Bits(32)),
    ("*sha1", "", 40, Bits(40)),
    ("*sha256", "", 64, Bits(64)),
    ("*crc|crc32|freedb_id", "", 8, Bits(8)),
    ("ulid", "", 26, shape("01J", 4, -5, 3, -6, 2, -3)),
    ("discord_thread_id|discord_id|snowflake|snowflake_id|channel_id|tweet_id", "", 18, shape(18)),
    ("authorization_code|pass_crypt|pwd|hmac_key|activation_key|developer_key|secret_key|encryption_key|reset_code|hash_key|webhook_key|payload_key|response_key|jti", "", 20, Bits(40)),
    ("otp|otp_code|verification_code|confirmation_code|two_factor_code|pin|pin_code|security_code|tpin", "", 4, shape(4)),
    ("user_code|device_code", "oauth|device_code", 9, shape(-4, "-", -4)),
    ("two_factor_recovery_codes|recovery_codes|backup_codes", "", 19, shape(-4, 4, ",", -4, 4)),
    ("login_id|user_login|samaccountname|start_user_id|create_user_id|assigner_id|whodunnit|user_identity|run_as", "", 14, _LOGIN),
    ("user_id|userid|assignee_id|owner_id|worker_id|employee_login", "camunda|oauth|proc|case|task|act|ldap", 14, _LOGIN),
    ("tenant_id|tenant", "", 8, few("main|tenant-2|tenant-3|demo")),
    ("group_id", "", 12, few("managers|accounting|sales|operators|auditors")),
    ("proc*_key|case_key|case_def*_key|task_key|task_def*_key|dec_key|dec_*_key|decision_key|decision_*_key", "", 18, Pool("process_key")),
    ("act_id|activity_id|sentry_id|clause_id|rule_id", "proc|process|case|dec|act", 18, Pool("process_step")),
    ("custom_field|custom_fields", "", 30, few('{"1": "yes"}|{"1": "no"}|{"2": "red"}|{"1": "yes", "2": "blue"}')),
    ("where_clause_part|where_clause|filter_clause", "", 20, few("status = 'active'|amount > 100|deleted = 0|year = 2024")),
    ("group_by_clause|order_by_clause|sort_clause", "", 16, few("GROUP BY status|GROUP BY name|ORDER BY name|ORDER BY created")),
    ("widget", "computing|filter|field", 8, few("text box|date picker|drop-down|check box")),
    ("lockedby|locked_by", "changeloglock|databasechangeloglock", 14, few("app-1 (192.0.2.11)|app-2 (192.0.2.12)")),
    ("exec_type|exectype", "", 8, few("EXECUTED|RERAN|MARK_RAN")),
    ("liquibase|flyway", "", 6, few("4.20.0|4.8.0|3.10.2|4.4.1")),
    ("deployment_id", "liquibase|changelog", 10, shape(10)),
    ("xslt", "", 40, few('<xsl:stylesheet version="1.0"/>|<xsl:template match="/"/>')),
    ("location_behavior", "", 8, few("NOT_USED|REQUIRED")),
    ("uniqueness_behavior", "", 8, few("UNIQUE|NON_UNIQUE|LOCATION")),
    ("app_id|application_id", "api", 14, few("inventory-sync|monitoring|helpdesk|backup|portal|reporting|billing|provisioning")),
    ("app_security|api_security", "", 4, few("ssl_token|ssl_code|none|user")),
    ("route", "layout|theme|translation|seo", 11, few("common/home|product/category|product/product|checkout/cart|account/login|information/contact")),
    ("endpoint|request_path|request_uri|api_path", "", 14, few("/api/v1/items|/api/v1/users|/api/v1/orders|/api/v2/search|/api/v1/status")),
    ("referer|referrer|referer_url", "", 24, few("https://www.example.com/|https://search.example.net/|https://www.example.org/news")),
    ("schedulable_class|serialization_class|validator|datatype_class|bean", "", 32, _CLASS),
    ("*time_offset|utc_offset|gmt_offset|tz_offset|zone_offset", "", 6, few("+00:00|-05:00|+01:00|-08:00")),
    ("dateformat", "", 10, few("yyyy-mm-dd|mm/dd/yyyy|dd.mm.yyyy|dd/mm/yyyy")),
    ("numberformat|number_format", "", 8, few("1,000.00|1.000,00|1 000.00|1000.00")),
    ("stylesheet|css|css_file", "", 9, few("default.css|dark.css|compact.css|print.css")),
    ("printer|printer_name", "", 14, few("Office, floor 2|Label printer|Front desk|Warehouse 1")),
    ("todos|todo", "", 16, few("Call the bank|Order paper|Book a room|Send the report|Renew the contract")),
    ("wfile|widget_file", "", 10, few("statistics|changelog|requests|favourites|access_log")),
    ("delegation|delegation_state", "", 8, few("PENDING|RESOLVED")),
    ("aggregate|aggregator|aggregation|aggregate_function", "", 5, few("count|max|avg|sum|min")),
    ("template", "message|notification|mail|email|sms|alert", 40, few("Dear {name}, your request was received.|Hello {name}, please confirm by {date}.|Reminder: {subject} is due on {date}.")),
    ("recipients|recipient_list|cc|bcc", "", 32, few("team@example.com|desk@example.com,head@example.com|reports@example.org")),
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
    ("role|roles|role_name|user_role|parent_role|child_role", "user|permission|group|privilege|role|login|account", 8, Pool("role")),
    ("xml|xml_data|xml_content", "", 20, few('<entry type="new"/>|<entry type="changed"/>|<data><value>1</value></data>')),
    ("html|markup|html_content", "", 40, few("<p>Welcome.</p>|<p>Thank you for your visit.</p>|<h1>News</h1>")),
    ("script|formula|expression", "computing", 16, few("a + b|price * quantity|score > 3|round(total, 2)")),
    ("image_*path", "", 40, _PICTURE),
    ("photo_path|image_path|picture_path|logo_path|avatar_path", "", 40, _PICTURE),
    ("path|full_path|fullpath|directory|dir|folder|virtual_path|base_path|mount_point|location_path|physical_path", "", 16, _FOLDER),
    ("provider_name|idp_name|identity_provider", "openid|oauth|sso|saml", 9, few("google|github|microsoft|apple")),
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
)  # fmt: skip

LAST: tuple[Rule, ...] = (
    ("sections|groups|allowed_groups|roles_to_notify|departments|section_ids", "", 5, few("1;3|1;2;5|2|2;3;4|1;6")),
    ("ids|id_list", "", 6, few("3,7|1,2,5|12|4,9,21|2,6")),
    ("data|definition|variables|*params|setting|filters|criteria|manipulations|generated_conversions|abilities|feeds|state_json|args|arguments|body_json|raw|temp_access|changes|diff|cdiff|old_values|new_values|request_body|response_body|*_issues|*_statuses|cart|wishlist|applied_credits", "", 40, _RECORDS),
    ("query|search_query|search_text|search_term|search_string|*keywords", "", 12, Pool("phrase")),
    ("document_node|organization_node|org_node|tree_node|hierarchy_node|node_path|tree_path|hierarchy|lineage|hierarchyid|materialized_path|ancestry|ancestor_path", "", 12, shape("/", 1, "/", 1, "/", 2, "/")),
    ("^node", "document|tree|hierarchy|organization|category", 12, shape("/", 1, "/", 1, "/", 2, "/")),
)  # fmt: skip
"""What programs write down for themselves, where no field says anything else."""
