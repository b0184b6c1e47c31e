"""Which pool the rows of a table are named and described from, by the table's name and its field."""

from __future__ import annotations

import re

from .domains import concerns, is_about
from .model import Schema, Table
from .naming import ends, has, singular, snake
from .sources import Person, Piece, Pool, Source, Text
from .text_rules import few

_NAMES: tuple[tuple[str, str, str], ...] = (
    # Networks
    ("vlan", "", "vlan_name"),
    ("subnet", "", "subnet_name"),
    ("vlan_domain|l2domain|l2_domain|broadcast_domain", "", "network_area"),
    ("vrf", "", "vrf_name"),
    ("rack", "", "rack_name"),
    ("section", "network", "network_section"),
    ("nameserver|name_server|dns_server|resolver", "", "resolvers"),
    ("circuit_type|link_type|line_type", "network", "circuit_type"),
    ("circuit_provider|isp|telco|carrier_provider", "", "telecom"),
    ("provider", "network", "telecom"),
    ("device_type|asset_type|hardware_type|equipment_type|device_role|device_category", "network", "device_type"),
    ("rack_content|device", "network", "device_type"),
    ("pstn_prefix|phone_prefix|dial_plan|number_range|phone_range|pstn_number", "", "phone_range"),
    ("nat|nat_rule|firewall_rule|zone_mapping", "", "nat_rule"),
    ("bgp|bgp_peer|bgp_session|peer|routing_bgp", "network", "bgp_peer"),
    ("scan_agent|probe|poller", "network", "scan_agent"),
    ("vault", "", "vault"),
    ("playlist", "", "playlist"),
    # Medicine
    ("concept|concept_name|clinical_concept", "medical", "concept"),
    ("program|care_program|treatment_program", "medical", "care_program"),
    ("form|form_template|clinical_form", "medical", "care_form"),
    ("visit_type|appointment_type", "medical", "visit_type"),
    ("encounter_type", "", "encounter_type"),
    ("encounter_role|care_role|provider_role", "medical", "encounter_role"),
    ("order_type", "medical", "order_type"),
    ("order_set|protocol", "medical", "order_set"),
    (
        "person_attribute_type|patient_attribute_type|visit_attribute_type|provider_attribute_type",
        "medical",
        "person_attribute",
    ),
    ("patient_identifier_type|identifier_type", "medical", "patient_identifier"),
    ("concept_class", "", "concept_class"),
    ("concept_datatype|concept_data_type", "", "concept_datatype"),
    ("concept_source|concept_reference_source|terminology|code_system|vocabulary", "", "code_system"),
    ("concept_reference_term|observation_definition", "medical", "concept"),
    ("hl7_source", "", "hl7_source"),
    ("cohort|patient_list|patient_group", "medical", "cohort"),
    ("allergen|allergy", "", "allergen"),
    ("location|ward|care_unit|unit|department", "medical", "ward"),
    ("procedure|operation|surgery", "medical", "medical_procedure"),
    # Businesses
    ("care_setting", "", "care_setting"),
    ("order_option|product_option|cart_option|option_description|item_option", "", "option_name"),
    ("order_status", "", "order_status"),
    ("stock_status", "", "stock_status"),
    ("return_status", "", "return_status"),
    ("return_action", "", "return_action"),
    ("return_reason", "", "return_reason"),
    ("subscription_status", "", "subscription_status"),
    ("tax|tax_class|tax_rate|tax_category|tax_code|vat", "", "tax"),
    ("coupon|discount|promotion|promo|special_offer", "", "coupon_name"),
    ("gender", "", "gender_name"),
    ("nationality", "", "nationality"),
    ("leave_type|absence_type|time_off_type", "", "leave_type"),
    ("leave_status", "", "leave_status"),
    ("employment_status|employment_type", "", "employment_status"),
    ("pay_grade|salary_grade|job_grade", "", "pay_grade"),
    ("skill", "", "skill"),
    ("license|licence", "employee|emp|staff", "license_name"),
    ("education|education_level|degree", "", "education"),
    ("termination_reason|exit_reason", "", "termination_reason"),
    ("module", "", "module_name"),
    ("shift|work_shift", "", "shift_name"),
    ("report|report_object|advanced_report|report_definition", "", "report_name"),
    ("instrument|instrument_alias", "", "instrument_name"),
    ("mood|mood_alias", "", "mood_name"),
    ("genre_alias", "", "genre"),
    ("place_alias|area_alias", "", "place"),
    ("label|label_alias|record_label", "artist|sort_name|begin_date_year|label_code|catalog_number|release", "company"),
    (
        "recording|recording_alias|release|release_alias|medium|track_raw|release_group|release_group_alias|work_alias|alternative_release|alternative_medium",
        "artist_credit|barcode|tracks|track_count|medium|recording|release|work|artist",
        "title",
    ),
    ("template|email_template|mail_template|notification_template|document_template", "", "document_template"),
    ("hotel|inn|lodge|guesthouse", "", "hotel"),
    ("school|college|academy", "", "school"),
    ("clinic|hospital|medical_center|health_center", "", "clinic"),
    ("restaurant|cafe|bistro", "", "restaurant"),
    ("warehouse|depot|distribution_center", "", "warehouse"),
    ("library", "", "library"),
    ("branch", "", "branch"),
    ("amenity", "", "amenity"),
    ("room_type|room_category", "", "room_type"),
    ("campaign|marketing_campaign", "", "campaign"),
    ("airline", "", "airline"),
    ("opportunity|deal|sales_opportunity", "", "opportunity"),
    (
        "exam|test|quiz|examination",
        "student|teacher|invigilator|course|exam_type|school|hall|class_id|course_id|grade",
        "exam",
    ),
    ("assignment|homework", "class_id|course_id|student|teacher|rubric|lesson", "assignment"),
    ("benefit|employee_benefit", "", "benefit"),
    ("training|training_course", "", "training"),
    ("job_posting|job_opening|vacancy|requisition", "", "job"),
    ("knowledge_article|help_article|kb_article|faq|help_topic|knowledge_base", "", "how_to"),
    ("sla|sla_policy|service_level|support_plan", "", "sla"),
    ("program|programme", "library|book|patron|facilitator|audience", "reading_program"),
    ("reading_room|study_room", "", "study_room"),
    ("equipment|machine", "operator|battery|inspection|forklift|warehouse", "warehouse_machine"),
    ("device_type|device_model|sensor_type", "sensor|gateway|power_source|telemetry|firmware", "smart_type"),
    ("device|sensor", "gateway|gateway_id|firmware|sensor|telemetry", "smart_device"),
    ("gateway|hub", "firmware|protocol|device|imei|connectivity", "smart_gateway"),
    ("rule|alert_rule|alarm_rule", "expression|threshold|notification_channel|condition", "alert_rule"),
    ("macro|canned_response|reply_template", "", "macro"),
    # Users, and what programs keep
    (
        "user_group|usergroup|member_group|admin_group|permission_group|access_group|auth_group|security_group|staff_group",
        "",
        "user_group",
    ),
    ("passkey|authenticator|webauthn_credential", "", "passkey"),
    ("field_type|question_type|input_type|widget_type|control_type", "", "field_kind"),
    (
        "scheduled_job|scheduler_task|task_config|scheduler_task_config|cron_job|scheduled_task|cron|background_job",
        "",
        "job_name",
    ),
)
"""Words that a table's name ends in, a field, and the pool of its rows' names."""


_RELATIVES = "dependent|dependant|child|children|emergency_contact|next_of_kin"


def field_name(schema: Schema, table: Table, name: str, length: int) -> Source | None:
    """The name of a row, where the table's own name or its field says what such rows are called."""
    whole = singular(snake(table.name))
    last = whole.split("_")[-1]
    own = {"name", "title", "label", "display_name", "alias", f"{whole}_name", f"{last}_name", f"{last}_title"}
    if ends(_RELATIVES, whole) and re.fullmatch(r"(?:\w{2,3}_)?(?:full_)?name", name) and length >= 12:
        return Person("full")
    if name == "short_name" and not any(snake(column.name) in own for column in table.columns):
        own.add(name)
    if ends("peer_name|circuit_type_name", name) or name in own or _initials(whole, name):
        for words, field, pool in _NAMES:
            if ends(words, whole) and concerns(field, schema, table, name):
                return Pool(pool, walked=True) if length >= 12 else None
        if ends("airport", whole) and (city := _city(table)):
            return Text((Piece(path=(city,)), Piece(literal=" Airport")))
        if name in ("title", "name") and _keeps_customers(table):
            return Pool("company", walked=True)
    if ends("group", whole) and has("user|member|permission|role|access", whole) and name in own:
        return Pool("user_group", walked=True)
    return None


def _initials(whole: str, name: str) -> bool:
    """Whether a column is called after the first letters of its table: `ctname` of `circuit_types`."""
    letters = "".join(part[0] for part in whole.split("_"))
    return len(letters) > 1 and name in (f"{letters}name", f"{letters}_name", f"{letters}title")


def _keeps_customers(table: Table) -> bool:
    """Whether a row is an organization: it has somebody to ask for, and is no person itself."""
    names = [snake(column.name) for column in table.columns]
    asked = any(
        ends("contact|contact_person|contact_name|contact_phone|contact_mail|contact_email", name) for name in names
    )
    asked = asked or any(ends("industry|ticker_symbol|annual_revenue|employee_range", name) for name in names)
    person = any(ends("first_name|last_name|firstname|lastname|birth_date|gender", name) for name in names)
    return asked and not person and ends(_ORGANIZATIONS, snake(table.name))


_ORGANIZATIONS = (
    "customer|client|tenant|account|organization|organisation|partner|provider|supplier|vendor|publisher|sponsor|agency"
)


def _city(table: Table) -> str:
    """The column of the city that a row is in, if there is one."""
    return next((other.name for other in table.columns if ends("city|town", snake(other.name))), "")


_USES: tuple[tuple[str, str, str], ...] = (
    ("network", "vlan|subnet|ipaddress|ip_address|network|vrf|zone|circuit|interface|nat", "network_use"),
    (
        "medical",
        "form|encounter_type|program|concept|order_type|attribute_type|visit_type|order_set|protocol|identifier_type|field",
        "care_use",
    ),
)


def field_description(schema: Schema, table: Table, length: int) -> Source:
    """What a row is there for, in a sentence that does not repeat its name."""
    for field, words, pool in _USES:
        if ends(words, snake(table.name)) and is_about(field, schema, table):
            return Pool(pool) if length >= 60 else few("Main|Spare|Old|New|Test|Shared")
    return Pool("use") if length >= 60 else few("Standard|Usual|Other|Old|New|Shared|On request")
