"""English as tables: plurals, abbreviations, common words of schemas, and phrases for links.

Data only. What is done with it is `naming.py` (names to words) and `wording.py`
(words to phrases). The deriver alone uses it: an environment that a person wrote
says its words in `environment.toml`.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


PLURALS = {
    "analysis": "analyses",
    "basis": "bases",
    "calf": "calves",
    "child": "children",
    "criterion": "criteria",
    "datum": "data",
    "diagnosis": "diagnoses",
    "foot": "feet",
    "half": "halves",
    "index": "indexes",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "man": "men",
    "medium": "media",
    "mouse": "mice",
    "person": "people",
    "quiz": "quizzes",
    "series": "series",
    "shelf": "shelves",
    "species": "species",
    "status": "statuses",
    "tooth": "teeth",
    "wife": "wives",
    "wolf": "wolves",
    "woman": "women",
}
SINGULARS = {many: one for one, many in PLURALS.items()} | {
    "buses": "bus",
    "bonuses": "bonus",
    "viruses": "virus",
    "campuses": "campus",
    "aliases": "alias",
    "gases": "gas",
    "lenses": "lens",
    "movies": "movie",
    "cookies": "cookie",
    "ties": "tie",
    "shoes": "shoe",
    "calories": "calorie",
    "caches": "cache",
    "axes": "axis",
    "persons": "person",
    "indices": "index",
}
# A table whose name counts nothing: its rows get a noun that does.
UNCOUNTED = {
    "data": "record",
    "equipment": "item",
    "feedback": "entry",
    "history": "entry",
    "hr": "record",
    "info": "record",
    "information": "record",
    "inventory": "item",
    "log": "entry",
    "metadata": "record",
    "news": "item",
    "payroll": "entry",
    "staff": "member",
    "stock": "item",
    "content": "item",
}
ABBREVIATIONS = {
    "acct": "account",
    "addr": "address",
    "amt": "amount",
    "appt": "appointment",
    "avg": "average",
    "bal": "balance",
    "cd": "code",
    "cnt": "count",
    "cust": "customer",
    "del": "delivery",
    "dept": "department",
    "descr": "description",
    "desc": "description",
    "dob": "birth date",
    "dod": "death date",
    "dt": "date",
    "emp": "employee",
    "ext": "extension",
    "fname": "first name",
    "firstname": "first name",
    "fullname": "full name",
    "grp": "group",
    "img": "image",
    "inv": "invoice",
    "lang": "language",
    "lastname": "last name",
    "lat": "latitude",
    "lname": "last name",
    "lng": "longitude",
    "lon": "longitude",
    "loc": "location",
    "max": "maximum",
    "mfg": "manufacturer",
    "mgr": "manager",
    "middlename": "middle name",
    "min": "minimum",
    "mname": "middle name",
    "msg": "message",
    "nbr": "number",
    "no": "number",
    "num": "number",
    "org": "organization",
    "orig": "original",
    "pct": "percentage",
    "phone": "phone",
    "prod": "product",
    "qty": "quantity",
    "ref": "reference",
    "rep": "rep",
    "req": "request",
    "seq": "sequence",
    "tel": "telephone",
    "temp": "temperature",
    "tot": "total",
    "txn": "transaction",
    "usr": "user",
    "yr": "year",
    "zip": "zip code",
    "zipcode": "zip code",
}
ACRONYMS = {
    word: word.upper()
    for word in sorted(
        word_set("bic cpu dna ean eta gps iban id ip isbn isrc nhs sku ssn tv uk upc url us vat vin"),
    )
}
LABELS = {
    "email": "email address",
    "fax": "fax number",
    "mobile": "mobile number",
    "phone": "phone number",
    "telephone": "phone number",
    "zip": "zip code",
}
# Words that names are made of; a run-together name is cut at them.
COMMON = word_set(
    """
    account active activity actor additional address admission age agent airport album allergy amount animal
    annual answer apartment appointment approval area arrival article artist asset author available balance bank
    barcode base batch begin billing birth block blood body bonus book booking box branch brand budget building
    business buyer by calendar call campaign cancel capacity card care cargo cart case cash catalog category
    center change channel charge check chapter child city class client clinic close club code color comment
    commission company composer condition contact content contract copy cost count country county coupon course
    cover credit currency current customer cycle daily date day deadline death debit default degree delivery
    department departure deposit description destination detail device diagnosis digit discount discontinued
    display distance district doctor document dose driver drug due duration duty edition education effective
    email employee employer employment end engine entry equipment event exam expected expense expiration expiry
    export extension extra facility family fare feature fee field file film final fine first fiscal fixed flag
    flight floor food forecast format free freight frequency friend from full fund game gender genre given grade
    grant gross ground group guest guide head health height high hire history hold home hospital hotel hour
    house identifier image import income index initial instructor insurance interest interval inventory invoice
    issue item job join journal journey key kind label language last launch lead league lease leave ledger
    length lesson level library license limit line link list loan local location log long low machine mail main
    maintenance make manager manufacturer market match material maximum meal measure media medical medication
    meeting member membership menu message method middle minimum minute mobile model month monthly movie name
    nation nationality net next nick night note notice nurse number object of offer office on open opening
    operation option order origin original outlay owner package page paid paper parcel parent part participant
    partner party passenger patient payment pension per percent percentage performance period person pet phone
    photo picture piece plan plate player playlist point points policy port position post postal price primary
    print priority private procedure product profile profit program project property provider public publish
    publisher purchase quantity quarter question quote race rank rate rating reader reason receipt recipe record
    reference refund region registration relation release remark rental repair reply report representative
    request required reservation reserve resource response result return revenue review role room route row
    salary sale sample schedule school score season seat second section sector seller senior sequence serial
    series service session set shelf shift ship shipment shipper shipping shop short show site size skill slot
    slots social source special specialty species staff stage stamp standard start state station status step
    stock stop storage store street student studio subject subscription supplier supply support surname
    suspended symbol table target task tax teacher team telephone term territory test text theme ticket tier
    time title to topic total tour town track trade train training transaction transfer transport travel
    treatment trip type unit units update upper usage user vacation valid value vehicle vendor venue version vet
    via video view visit visitor volume voucher wage ward warehouse warranty web website week weight width
    winner work worker year yearly zip zone void grid bid avoid solid rapid liquid fluid acid hybrid prepaid
    unpaid android covid
    """
)
SHORT_WORDS = word_set("at by id in is no of on to")
PEOPLE = word_set(
    """
    actor adopter advisor agent applicant attendee author borrower buyer candidate caregiver carer client
    clinician coach composer consultant contact contractor contributor counselor crew customer dentist director
    doctor donor driver editor employee engineer examiner farmer friend guardian guest guide host instructor
    interpreter inspector judge lawyer lecturer lender librarian manager member mentor musician nurse operator
    organizer owner parent participant passenger patient patron payee payer person physician pilot player
    professor programmer pupil reader recipient referee renter representative researcher resident reviewer
    scientist seller singer speaker staff student subscriber supervisor surgeon teacher technician tenant
    therapist trainer traveler tutor user veterinarian vet visitor volunteer worker writer
    """
)
# Names of small tables that only name things.
LOOKUPS = word_set(
    """
    brand category class classification color colour condition continent country currency department_type format
    gender genre grade group kind language level method mode nationality priority rank rating reason region role
    season severity size specialty stage state status style tag tier topic type unit
    """
)
# What is had rather than belonged to: a vet has specialties, and is not of a specialty.
ABILITIES = word_set(
    """
    ability badge category certificate certification genre interest language permission qualification role skill
    specialty subject tag territory topic
    """
)
# Tables whose rows happen: a new one is made, and it can be called off.
EVENTS = {
    "admission": "cancel",
    "appointment": "cancel",
    "assignment": "cancel",
    "attendance": "delete",
    "bid": "withdraw",
    "booking": "cancel",
    "call": "delete",
    "claim": "withdraw",
    "delivery": "cancel",
    "enrollment": "cancel",
    "enrolment": "cancel",
    "entry": "delete",
    "hold": "cancel",
    "invoice": "delete",
    "loan": "delete",
    "meeting": "cancel",
    "order": "cancel",
    "payment": "delete",
    "purchase": "cancel",
    "registration": "cancel",
    "rental": "cancel",
    "request": "withdraw",
    "reservation": "cancel",
    "review": "delete",
    "session": "cancel",
    "shipment": "cancel",
    "subscription": "cancel",
    "ticket": "cancel",
    "transfer": "cancel",
    "trip": "cancel",
    "visit": "cancel",
}
# Simple past of a participle, when it is another word.
PAST = {
    "born": "bore",
    "chosen": "chose",
    "done": "did",
    "drawn": "drew",
    "driven": "drove",
    "flown": "flew",
    "given": "gave",
    "grown": "grew",
    "known": "knew",
    "overseen": "oversaw",
    "seen": "saw",
    "shown": "showed",
    "spoken": "spoke",
    "sung": "sang",
    "taken": "took",
    "undertaken": "undertook",
    "worn": "wore",
    "written": "wrote",
}
# What somebody or something does by itself, as told afterwards -> asked for
INTRANSITIVES = {
    "arrived": "arrive",
    "began": "begin",
    "closed": "close",
    "departed": "depart",
    "died": "die",
    "ended": "end",
    "expired": "expire",
    "finished": "finish",
    "joined": "join",
    "left": "leave",
    "opened": "open",
    "retired": "retire",
    "started": "start",
}
# Where things are kept or people work: the copies at a branch
PLACES = word_set("branch office store shop location warehouse site venue school campus clinic hospital library club")
ROOMS = word_set("area room hall ward wing department zone district region city town country")
# What is dated, for a participle before "date", "at", "on" or "year"
DEEDS = {
    "booked": "booking",
    "born": "birth",
    "cancelled": "cancellation",
    "closed": "closing",
    "completed": "completion",
    "create": "creation",
    "created": "creation",
    "delivered": "delivery",
    "died": "death",
    "ended": "end",
    "hired": "hire",
    "issued": "issue",
    "joined": "joining",
    "loaned": "loan",
    "opened": "opening",
    "ordered": "order",
    "paid": "payment",
    "placed": "placement",
    "published": "publication",
    "received": "receipt",
    "registered": "registration",
    "released": "release",
    "requested": "request",
    "returned": "return",
    "shipped": "shipping",
    "started": "start",
    "visited": "visit",
}
# What is timed, for a present form before "at" or "on"
STARTS = {
    "arrives": "arrival",
    "begins": "start",
    "closes": "closing",
    "departs": "departure",
    "ends": "end",
    "expires": "expiry",
    "finishes": "end",
    "opens": "opening",
    "starts": "start",
}
# (last word of the owning table, last word of the target) -> (forward, backward)
LINKS = {
    ("album", "artist"): ("who released", "by"),
    ("appointment", "doctor"): ("who has", "with"),
    ("appointment", "patient"): ("who booked", "booked by"),
    ("book", "author"): ("who wrote", "written by"),
    ("book", "publisher"): ("that published", "published by"),
    ("booking", "customer"): ("who made", "made by"),
    ("booking", "facility"): ("reserved by", "for"),
    ("booking", "guest"): ("who made", "made by"),
    ("booking", "member"): ("who made", "made by"),
    ("booking", "room"): ("reserved by", "for"),
    ("comment", "user"): ("who wrote", "written by"),
    ("customer", "company"): ("of", "at"),
    ("department", "location"): ("of", "at"),
    ("employee", "department"): ("of", "in"),
    ("employee", "job"): ("of", "holding"),
    ("employee", "store"): ("of", "working at"),
    ("enrollment", "member"): ("who made", "made by"),
    ("enrollment", "session"): ("of", "for"),
    ("enrollment", "student"): ("who made", "made by"),
    ("enrolment", "member"): ("who made", "made by"),
    ("enrolment", "session"): ("of", "for"),
    ("enrolment", "student"): ("who made", "made by"),
    ("film", "language"): ("of", "in"),
    ("invoice", "customer"): ("billed by", "billed to"),
    ("hold", "book"): ("of", "on"),
    ("hold", "member"): ("who placed", "placed by"),
    ("hold", "reader"): ("who placed", "placed by"),
    ("item", "film"): ("on", "of"),
    ("item", "store"): ("holding", "at"),
    ("loan", "copy"): ("of", "of"),
    ("loan", "member"): ("who took out", "taken out by"),
    ("loan", "reader"): ("who took out", "taken out by"),
    ("location", "country"): ("of", "in"),
    ("member", "branch"): ("of", "at"),
    ("order", "customer"): ("who placed", "placed by"),
    ("order", "employee"): ("who handled", "handled by"),
    ("order", "member"): ("who placed", "placed by"),
    ("order", "shipper"): ("that carried", "carried by"),
    ("order", "user"): ("who placed", "placed by"),
    ("payment", "customer"): ("who made", "made by"),
    ("payment", "rental"): ("paid by", "for"),
    ("payment", "member"): ("who took", "taken by"),
    ("pet", "owner"): ("of", "owned by"),
    ("pet", "client"): ("of", "owned by"),
    ("post", "user"): ("who wrote", "written by"),
    ("product", "supplier"): ("of", "supplied by"),
    ("product", "vendor"): ("of", "supplied by"),
    ("rental", "customer"): ("who took out", "taken out by"),
    ("rental", "item"): ("rented out by", "of"),
    ("rental", "member"): ("who handled", "handled by"),
    ("reservation", "customer"): ("who made", "made by"),
    ("reservation", "guest"): ("who made", "made by"),
    ("reservation", "member"): ("who made", "made by"),
    ("reservation", "reader"): ("who made", "made by"),
    ("review", "customer"): ("who wrote", "written by"),
    ("review", "member"): ("who wrote", "written by"),
    ("review", "user"): ("who wrote", "written by"),
    ("lesson", "instructor"): ("who gave", "given by"),
    ("lesson", "teacher"): ("who gave", "given by"),
    ("session", "coach"): ("who led", "led by"),
    ("session", "instructor"): ("who led", "led by"),
    ("track", "album"): ("of", "on"),
    ("visit", "pet"): ("seen at", "of"),
    ("visit", "vet"): ("who attended", "attended by"),
    ("visit", "patient"): ("who made", "made by"),
}
# Column names that say a link as a verb -> (forward, backward, role)
VERBS = {
    "reports to": ("of", "reporting to", "manager"),
    "belongs to": ("of", "belonging to", ""),
    "assigned to": ("assigned to", "assigned to", ""),
    "ship via": ("that carried", "carried by", ""),
    "shipped via": ("that carried", "carried by", ""),
    "parent": ("of", "under", "parent"),
    "replies to": ("answered by", "replying to", ""),
    "reply to": ("answered by", "replying to", ""),
}
# The last word of a label -> (adjective for the greatest, adjective for the least), when it is the only such column
EXTREMES = {
    "age": ("oldest", "youngest"),
    "distance": ("longest", "shortest"),
    "duration": ("longest", "shortest"),
    "height": ("tallest", "lowest"),
    "hours": ("longest", "shortest"),
    "length": ("longest", "shortest"),
    "milliseconds": ("longest", "shortest"),
    "minutes": ("longest", "shortest"),
    "pages": ("longest", "shortest"),
    "population": ("most populous", "least populous"),
    "rating": ("highest-rated", "lowest-rated"),
    "salary": ("best-paid", "lowest-paid"),
    "seconds": ("longest", "shortest"),
    "size": ("largest", "smallest"),
    "weight": ("heaviest", "lightest"),
    "width": ("widest", "narrowest"),
    "area": ("largest", "smallest"),
}
