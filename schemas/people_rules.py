# ruff: noqa: E501 - a rule a line is easier to read
"""Texts of people, places and times, and words about words."""

from __future__ import annotations

from .sources import Between, Person, Piece, Pool, Text
from .text_rules import Rule, few, shape

_LATITUDE, _LONGITUDE = Between(26.0, 47.0, digits=5), Between(-121.0, -71.0, digits=5)
_POINT = Text(
    (Piece(literal="POINT(-"), Piece(kind="number", count=2), Piece(literal="."), Piece(kind="number", count=4),
     Piece(literal=" 4"), Piece(kind="number", count=1), Piece(literal="."), Piece(kind="number", count=4),
     Piece(literal=")"))
)  # fmt: skip

RULES: tuple[Rule, ...] = (
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
    ("mail_code|mailcode|mail_stop", "", 5, shape(5)),
    # Times
    ("opening_hours|business_hours|hours|availability|schedule|open", "", 13, few("Mon-Fri 9-17|Mon-Sat 8-18|daily 10-20|by appointment")),
    ("quarter|quarter_name|quarter_desc", "", 2, few("Q1|Q2|Q3|Q4", 0.0)),
    ("day_name|weekday_name", "", 6, few("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday", 0.0)),
    ("month_name|month_desc", "", 3, few("January|February|March|April|May|June|July|August|September|October|November|December", 0.0)),
    ("season", "", 6, few("spring|summer|autumn|winter")),
    ("academic_year|fiscal_year|school_year", "", 7, few("2024/25|2023/24|2022/23")),
    ("semester|term", "student|course|class|enrollment|school|grade", 4, few("Fall|Spring|Summer")),
    ("duration|interval|cycle", "", 8, few("30 min|1 hour|45 min|2 hours|1 day")),
    # Words about words
    ("locale|locale_code", "name|title|text|description|label", 5, few("en|en_GB|en_US", 1.5)),
    ("locale|culture|culture_code|locale_code|lang_code|language_code|iso_language|language_tag", "", 5, few("en-US|en-GB|es-ES|fr-FR|de-DE")),
    ("lang|language|lang_code|language_code|locale|iso_language|language_id|culture_id", "", 2, few("en|es|fr|de|it")),
    ("stop_word|word|search_term|keyword_text", "", 8, Pool("word")),
    ("tag_key|k", "tag", 1, few("name|type|source|note|ref|color")),
    ("tag_value|v", "tag", 1, few("yes|main|no|local|12|red")),
    ("values|allowed_value|field_value|attribute_value|variable_value|option_value|value_reference|value|val|property_value|text_value|string_value", "", 6, few("yes|no|standard|none|12|red|large|2024", 0.3)),
    ("mood", "", 9, few("calm|cheerful|tense|dreamy")),
    ("instrument", "", 6, few("piano|guitar|violin|drums|flute|cello")),
    # Of anything
    ("certainty|confidence|confidence_level|likelihood|probability_level|impact|risk|risk_level|importance|criticality|complexity|effort|difficulty|sensitivity", "", 6, few("medium|high|low")),
    ("visibility|privacy|audience", "", 7, few("public|private|friends|members")),
    ("purpose|intended_use", "", 8, few("Training|Research|Reporting|Maintenance|Travel")),
    ("award|prize|honor", "", 12, few("Best Newcomer|Readers' Choice|Jury Prize|Lifetime Achievement")),
    ("institute|institution|university|school_name|alma_mater", "", 20, few("Northfield College|Riverside University|Harbor Institute of Technology|Lakeview University|Stonebridge College")),
    ("motto|tagline|slogan|teaser", "", 24, few("Always on the way|One step at a time|Small things matter|Made with patience|Good news from the region")),
    ("device", "reading|position|session|login", 8, few("Phone|Tablet|E-reader|Laptop")),
    ("interviewers|interviewer|panel|panelists", "", 12, Person("full")),
    ("eexp_jobtit|jobtit|previous_title", "", 16, Pool("job")),
    ("achievement|accomplishment", "", 8, few("exceeded|met|partly met|missed")),
    ("salary_component|pay_component", "", 10, few("Base salary|Bonus|Allowance|Overtime")),
    ("setlist|programme|program_text", "", 40, few("* Opening song\\n* Encore|* First set\\n* Second set|* Medley\\n* Finale")),
    ("developer|studio", "", 16, Pool("company")),
)  # fmt: skip
