# ruff: noqa: SIM905 - a list of two hundred quoted words is no easier to read
"""The word lists that names, titles and sentences are composed of. Data only; composing is `pools.py`."""

from __future__ import annotations

from .places import GEOGRAPHY

ADJECTIVES = (
    "amber autumn bold bright broad calm clear coastal compact copper crimson crisp dusty early eastern ember evening "
    "fair fine first gentle golden grand green harbor hidden high hollow indigo inner ivory kind last late light "
    "little "
    "long lower lucky maple marble mellow midnight misty modern narrow new noble northern oak old open outer pale "
    "plain "
    "prime quiet rapid red rising river rough round royal rustic sable salt scarlet second secret sharp silent silver "
    "simple slow small smooth soft southern spare spring steady still stone summer sunny swift tall tidal twin upper "
    "velvet violet warm western white wide wild winter young"
).split()
PLACES = (
    "Alder Ashford Aspen Bay Beacon Birch Brook Cedar Chestnut Cliff Cove Crescent Elm Fairview Falcon Garden Glen "
    "Granite Harbor Hawthorn Heath Hill Juniper Lake Laurel Linden Maple Meadow Mill Oak Orchard Park Pine Prairie "
    "Quarry Ridge River Rowan Sierra Spruce Station Summit Sycamore Valley Walnut Willow Windmill"
).split()
PLACE_QUALITIES = (
    "North South East West Upper Lower Old New Green Long Silver High Little Great Red Stone Clear Fair Golden Broad "
    "Bright Royal Quiet Sunny Misty Amber White Wide Grand Harbor Central Autumn"
).split()
THINGS = (
    "anchor arrow bell boat book bridge candle castle clock cloud compass crown desert door dream engine feather field "
    "fire forest fox garden gate ghost glass harvest heart hill horse house island journey key lamp lantern letter "
    "lighthouse map market mirror moon mountain night ocean orchard painter promise rain road rose sailor school sea "
    "shadow shore signal sky song star station storm stranger street sun table thread tide tower train tree valley "
    "village voice wall water wind window witness"
).split()
GOODS = (
    "Apron|Backpack|Beanie|Bench|Blanket|Bottle|Bowl|Bookcase|Cabinet|Camera Bag|Candle|Cardigan|Chair|Clock|Coat|"
    "Coffee Grinder|Cooler|Curtain|Cushion|Desk|Desk Lamp|Duffel|Fan|Fleece|Floor Lamp|Gloves|Hammock|Headphones|"
    "Hoodie|Jacket|Kettle|Keyboard|Knife Set|Lantern|Lunch Box|Mat|Mirror|Monitor Stand|Mug|Notebook|Organizer|Pan|"
    "Pillow|Planter|Plate Set|Pouch|Rain Jacket|Rug|Sandals|Scarf|Shelf|Shirt|Shorts|Skillet|Sneakers|Socks|Speaker|"
    "Stool|Storage Box|Sweater|T-Shirt|Table|Tablet Case|Teapot|Tent|Throw|Toaster|Towel|Travel Mug|Tray|Trousers|"
    "Umbrella|Vase|Wallet|Watch|Water Filter"
).split("|")
GOODS_QUALITIES = (
    "Alpine|Bamboo|Basic|Canvas|Classic|Compact|Cotton|Daily|Deluxe|Everyday|Field|Folding|Foldable|Heavy|Insulated|"
    "Lightweight|Linen|Mini|Modern|Oak|Outdoor|Portable|Quilted|Recycled|Ribbed|Slim|Soft|Stainless|Studio|Trail|"
    "Travel|Urban|Vintage|Walnut|Waterproof|Wool"
).split("|")
BRANDS = (
    "Aldervale Birchline Brightwell Calderon Coppergate Dunmore Eastlake Elmhurst Fairlane Fernway Greyfield Halden "
    "Hartwell Ironbrook Kestrel Kingsley Larkspur Lindell Marlowe Merrick Northgate Oakridge Pemberton Quillon Redfern "
    "Rosewood Sandvik Sterling Stonebridge Tamarack Thornbury Underwood Valemont Wexford Whitlock Winslow Yarrow "
    "Zellmer"
).split()
INDUSTRIES = (
    "Analytics Apparel Builders Catering Clinic Consulting Dairy Design Electric Engineering Farms Finance Foods "
    "Freight Furniture Glass Holdings Hardware Health Imports Industries Instruments Insurance Labs Landscaping "
    "Logistics "
    "Machinery Marine Materials Media Motors Optics Outfitters Packaging Paper Partners Pharmacy Plumbing Press "
    "Printing "
    "Properties Robotics Services Solutions Steel Supply Systems Textiles Tools Toys Trading Transport Ventures"
).split()
LEGAL_FORMS = ("", "", "Inc.", "LLC", "Co.", "Group", "Ltd.", "Partners")
FACILITIES = (
    "Badminton Court|Ballroom|Bowling Lane|Climbing Wall|Conference Room|Dance Studio|Fitness Room|Football Pitch|"
    "Function Room|Games Room|Golf Simulator|Gym Hall|Lounge|Massage Room|Meeting Room|Music Room|Pool Lane|Pool Table|"
    "Reading Room|Rowing Studio|Sauna|Seminar Room|Snooker Table|Spin Studio|Squash Court|Steam Room|Swimming Pool|"
    "Table Tennis|Tennis Court|Terrace|Theatre|Track|Training Room|Workshop|Yoga Studio"
).split("|")
TEAMS = (
    "Arrows Badgers Bears Bulldogs Comets Condors Cougars Cyclones Dragons Eagles Falcons Foxes Giants Gulls Hawks "
    "Herons "
    "Hornets Hunters Lions Lynx Mariners Otters Owls Panthers Pilots Pioneers Rams Rangers Ravens Rovers Sharks Stags "
    "Storm Swifts Tigers Titans Trojans United Vikings Wanderers Wolves"
).split()
PETS = (
    "Archie Bailey Bandit Basil Bella Biscuit Blue Boots Buddy Casper Charlie Chester Cleo Coco Cookie Cooper Daisy "
    "Dexter "
    "Duke Ella Felix Finn George Ginger Gizmo Hazel Honey Jack Jasper Juno Kiki Leo Lily Loki Lola Lucky Lucy Luna "
    "Maggie "
    "Max Mia Milo Misty Mochi Molly Nala Olive Oliver Oreo Oscar Otis Patch Peanut Penny Pepper Pickles Pippin Poppy "
    "Roxy Ruby Rusty Sadie Salem Sam Scout Shadow Simba Smokey Sophie Stella Teddy Tiger Toby Tucker Willow Winnie "
    "Ziggy Zoe"
).split()
SUBJECTS = (
    "Accounting|Algebra|Anatomy|Architecture|Art History|Astronomy|Biology|Botany|Business Law|Calculus|Chemistry|"
    "Cloud Computing|Creative Writing|Data Analysis|Databases|Drawing|Ecology|Economics|Electronics|English Literature|"
    "Ethics|Film Studies|First Aid|French|Genetics|Geology|Geometry|German|Human Rights|Italian|Japanese|Logic|"
    "Marketing|"
    "Mechanics|Microbiology|Music Theory|Networks|Nutrition|Operations|Organic Chemistry|Photography|Physics|"
    "Political Science|Probability|Programming|Project Management|Psychology|Public Speaking|Robotics|Sociology|"
    "Spanish|"
    "Statistics|Supply Chains|Thermodynamics|Typography|World History"
).split("|")
COURSE_FORMS = (
    "Introduction to {}",
    "{} I",
    "{} II",
    "Applied {}",
    "Advanced {}",
    "{} Workshop",
    "{} in Practice",
    "{}",
)
GENRES = (
    "Action|Adventure|Animation|Biography|Blues|Children|Classical|Comedy|Crime|Dance|Documentary|Drama|Electronic|"
    "Family|"
    "Fantasy|Folk|History|Horror|Jazz|Latin|Music|Musical|Mystery|Opera|Poetry|Pop|Reggae|Rock|Romance|Science Fiction|"
    "Soul|Sport|Thriller|Travel|Western|World"
).split("|")
MUSIC_FORMATS = ("MP3|AAC|FLAC|Ogg Vorbis|WAV|ALAC|Opus|AIFF|Protected AAC|MPEG video|WMA|DSD").split("|")
MUSIC_GENRES = (
    "Rock|Jazz|Pop|Blues|Classical|Folk|Reggae|Latin|Electronic|Soul|Country|Metal|Hip-Hop|Opera|World|Punk|Gospel|"
    "Ambient|Funk|Soundtrack|Indie|Disco|Swing|Techno"
).split("|")
PLAYLISTS = (
    "Road Trip|Sunday Morning|Running|Dinner with Friends|Focus|Late Night|Classics|New Releases|Party Mix|Rainy Day|"
    "Workout|Summer Evenings|Acoustic|Old Favorites|Piano|Nineties|On the Train|Sleep|Coffee Break|Best of the Year|"
    "Garden Party|Guitar Heroes|Slow Dance|Wake Up|Headphones|Movie Night|Home Office|Winter Songs|Quiet Hours|Drums"
).split("|")
CATEGORIES = (
    "Accessories|Appliances|Audio|Bakery|Bath|Bedding|Beverages|Books|Camping|Ceramics|Clothing|Confections|Cookware|"
    "Dairy|"
    "Decor|Electronics|Fitness|Footwear|Furniture|Games|Garden|Gifts|Grains|Hardware|Health|Home|Kitchen|Lighting|"
    "Luggage|"
    "Music|Office|Outdoor|Pantry|Pets|Photography|Produce|Seafood|Seasonal|Software|Spices|Sports|Stationery|Storage|"
    "Tools|Toys|Travel|Wellness"
).split("|")
DEPARTMENTS = (
    "Accounting|Administration|Billing|Business Development|Communications|Compliance|Customer Care|Design|Engineering|"
    "Facilities|Finance|Human Resources|Information Technology|Internal Audit|Legal|Logistics|Maintenance|"
    "Manufacturing|"
    "Marketing|Operations|Payroll|Planning|Procurement|Product|Public Relations|Quality|Recruiting|Research|Sales|"
    "Security|"
    "Shipping|Support|Training|Treasury"
).split("|")
JOBS = (
    "Account Manager|Accountant|Administrator|Analyst|Architect|Assistant|Buyer|Clerk|Consultant|Controller|"
    "Coordinator|"
    "Designer|Developer|Director|Editor|Engineer|Finance Manager|Inspector|Marketing Manager|Operations Manager|"
    "Planner|"
    "President|Product Manager|Programmer|Project Manager|Purchasing Clerk|Receptionist|Recruiter|Representative|"
    "Researcher|Sales Manager|Sales Representative|Specialist|Stock Clerk|Supervisor|Support Agent|Team Lead|"
    "Technician|"
    "Trainer|Vice President|Writer"
).split("|")
SPECIALTIES = (
    "Anesthesia|Cardiology|Dentistry|Dermatology|Emergency Care|Endocrinology|General Practice|Geriatrics|"
    "Internal Medicine|"
    "Neurology|Nutrition|Oncology|Ophthalmology|Orthopedics|Pediatrics|Physiotherapy|Psychiatry|Radiology|"
    "Rehabilitation|"
    "Surgery|Urology"
).split("|")
SPECIES = (
    "bird|cat|dog|ferret|gecko|goat|guinea pig|hamster|hedgehog|horse|lizard|mouse|parrot|rabbit|rat|snake|tortoise|"
    "turtle"
).split("|")
EVENTS = (
    "Art Fair|Book Club|Charity Run|Cleanup Day|Concert|Conference|Craft Market|Dinner|Exhibition|Film Night|"
    "Food Festival|"
    "Fundraiser|Gala|Garden Tour|Hackathon|Job Fair|Lecture|Marathon|Masterclass|Meetup|Open Day|Parade|Picnic|"
    "Poetry Slam|"
    "Quiz Night|Regatta|Science Fair|Summit|Symposium|Tasting|Tournament|Trade Show|Training Camp|Wine Evening|Workshop"
).split("|")
REGIONS = (
    "Central|Coastal|East|Eastern|Great Lakes|Gulf|Heartland|Highlands|Mid-Atlantic|Midlands|Midwest|Mountain|"
    "New England|"
    "North|North Central|Northeast|Northern|Northwest|Pacific|Plains|South|South Central|Southeast|Southern|Southwest|"
    "Upper Valley|West|Western"
).split("|")
PROJECT_NAMES = (
    "Migration|Rollout|Upgrade|Audit|Redesign|Launch|Pilot|Refresh|Expansion|Review|Cleanup|Integration|Survey|Renewal|"
    "Assessment|Prototype|Relocation|Campaign"
).split("|")
SUBSTANCES = (
    "Albenol|Bactrine|Cardexol|Cephadine|Cortamil|Dexolan|Diaphen|Enaltril|Fluvexin|Gastrolan|Glucadin|Hydrazol|Ibuxal|"
    "Ketomin|Lamodine|Levaxin|Metrogel|Neurozan|Omeprin|Paxolam|Prednalon|Quinavel|Rivadol|Salbucor|Tetramox|Ultracin|"
    "Valmodin|Warfanol|Xylotan|Zoladine"
).split("|")
CONDITIONS = (
    "Allergic reaction|Annual check-up|Asthma|Back pain|Bronchitis|Chest pain|Conjunctivitis|Dehydration|"
    "Dental cleaning|"
    "Ear infection|Eczema|Fever|Follow-up visit|Fracture|Headache|High blood pressure|Influenza|Joint pain|Limping|"
    "Migraine|"
    "Minor injury|Nausea|Pneumonia|Rash|Routine screening|Sinusitis|Sore throat|Sprain|Stomach upset|Tonsillitis|"
    "Urinary infection|Vaccination|Wound care"
).split("|")
ROOM_KINDS = ("Single", "Double", "Twin", "Queen", "King", "Family", "Suite", "Junior Suite", "Studio", "Penthouse")
COLORS = (
    "black|white|gray|navy|blue|green|red|beige|brown|yellow|orange|pink|purple|teal|ivory|olive|burgundy|charcoal"
).split("|")
OPENINGS = (
    "A reliable choice for|Made for|Popular with people who want|Recommended for|Designed with care for|Well suited to|"
    "Updated this season for|Selected for|Built to last, good for|Easy to use, good for|A favorite for|Prepared for"
).split("|")
OBJECTS = (
    "daily use|the weekend|small spaces|long trips|beginners|regular visitors|the whole family|busy mornings|"
    "quiet evenings|"
    "larger groups|outdoor days|the cold season|the warm season|experienced users|members and guests|a tight budget|"
    "repeat orders|special occasions|the office|new arrivals"
).split("|")
DOMAINS = (
    "example.com example.com example.org example.net mail.example.com post.example.org inbox.example.net "
    "home.example.com"
).split()
CARRIERS = ("Northline", "Swift Parcel", "Bluebird Freight", "Postal Service", "Meridian Express", "Harbor Couriers")
INGREDIENTS = (
    "Almond|Apple|Apricot|Barley|Basil|Beet|Blueberry|Caramel|Carrot|Cherry|Chili|Cocoa|Coconut|Coriander|Cranberry|"
    "Fig|"
    "Garlic|Ginger|Hazelnut|Honey|Lavender|Lemon|Lime|Mango|Maple|Mint|Mushroom|Oat|Olive|Onion|Orange|Paprika|Peach|"
    "Pear|"
    "Pepper|Plum|Pumpkin|Raspberry|Rice|Rosemary|Saffron|Sage|Sesame|Spinach|Tomato|Vanilla|Walnut"
).split("|")
DISHES = (
    "Biscuits|Bread|Broth|Burger|Butter|Cake|Chutney|Cookies|Crackers|Curry|Granola|Gratin|Ice Cream|Jam|Juice|"
    "Marmalade|"
    "Muesli|Noodles|Oil|Pasta|Pie|Pizza|Pudding|Risotto|Salad|Sandwich|Sauce|Soup|Stew|Syrup|Tart|Tea|Wrap|Yogurt"
).split("|")
AIRCRAFT = ("A220-300", "A320", "A321neo", "A330-900", "ATR 72", "737-800", "757-200", "787-9", "E175", "E190", "Q400")
STREET_ENDS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way", "Terrace", "Place", "Boulevard")
CITIES = (
    "Albany|Ashland|Auburn|Bedford|Belmont|Bristol|Burlington|Camden|Canton|Charlotte|Chester|Clayton|Cleveland|"
    "Clinton|"
    "Columbus|Concord|Dayton|Denver|Dover|Easton|Fairfield|Florence|Franklin|Georgetown|Glendale|Greenville|Hamilton|"
    "Hudson|Jackson|Kingston|Lancaster|Lebanon|Lexington|Lincoln|Madison|Manchester|Marion|Medford|Milford|Milton|"
    "Monroe|"
    "Newport|Norwood|Oakland|Oxford|Portland|Princeton|Quincy|Richmond|Riverside|Salem|Shelby|Springfield|Stamford|"
    "Trenton|Troy|Union|Warren|Westfield|Winchester|Windsor|York"
).split("|")
COUNTRIES = (
    "United States|United States|United States|United States|Canada|Canada|United Kingdom|United Kingdom|Germany|"
    "France|"
    "Spain|Italy|Netherlands|Sweden|Norway|Denmark|Ireland|Portugal|Austria|Switzerland|Poland|Japan|South Korea|India|"
    "Brazil|Mexico|Argentina|Chile|Australia|New Zealand|South Africa|Kenya|Morocco|Egypt|Turkey|Greece"
).split("|")
LANGUAGES = (
    "English|Spanish|French|German|Italian|Portuguese|Dutch|Polish|Swedish|Danish|Greek|Turkish|Arabic|Hindi|Japanese|"
    "Korean|Mandarin|Swahili"
).split("|")
MEMBERSHIPS = (
    "Standard|Basic|Plus|Premium|Family|Student|Senior|Corporate|Day Pass|Trial|Founding|Weekend|Junior|Honorary"
).split("|")
FORMATS = (
    "Hardcover|Paperback|Audio CD|Vinyl|MP3|AAC|DVD|Blu-ray|E-book|Magazine|Map|Streaming|FLAC|Large Print"
).split("|")
PROTAGONISTS = (
    "a retired pilot|a young painter|a quiet librarian|a lighthouse keeper|a night nurse|a stubborn baker|"
    "a shy teacher|"
    "an old friend|a travelling salesman|a village doctor|a lost dog|a jazz musician|a chess champion|a cartographer"
).split("|")
PREDICAMENTS = (
    "comes home after many years|finds a letter meant for someone else|takes over a failing hotel|"
    "hunts for a missing train|"
    "learns the truth about the family|crosses the country in one winter|uncovers a fraud in a small town|"
    "has one summer to save a house|enters an unusual contest|keeps a promise made long ago|"
    "waits for a ship that is late"
).split("|")
"""City, state, its code, country, its code, pattern of the postal code, area code."""

COUNTRY_LINES = tuple(
    tuple(line.split("|"))
    for line in (
        "United States|US|USA|USD|1|840|North America",
        "Canada|CA|CAN|CAD|1|124|North America",
        "United Kingdom|GB|GBR|GBP|44|826|Europe",
        "Germany|DE|DEU|EUR|49|276|Europe",
        "France|FR|FRA|EUR|33|250|Europe",
        "Spain|ES|ESP|EUR|34|724|Europe",
        "Italy|IT|ITA|EUR|39|380|Europe",
        "Netherlands|NL|NLD|EUR|31|528|Europe",
        "Sweden|SE|SWE|SEK|46|752|Europe",
        "Norway|NO|NOR|NOK|47|578|Europe",
        "Denmark|DK|DNK|DKK|45|208|Europe",
        "Ireland|IE|IRL|EUR|353|372|Europe",
        "Portugal|PT|PRT|EUR|351|620|Europe",
        "Austria|AT|AUT|EUR|43|040|Europe",
        "Switzerland|CH|CHE|CHF|41|756|Europe",
        "Poland|PL|POL|PLN|48|616|Europe",
        "Japan|JP|JPN|JPY|81|392|Asia",
        "South Korea|KR|KOR|KRW|82|410|Asia",
        "India|IN|IND|INR|91|356|Asia",
        "Brazil|BR|BRA|BRL|55|076|South America",
        "Mexico|MX|MEX|MXN|52|484|North America",
        "Argentina|AR|ARG|ARS|54|032|South America",
        "Chile|CL|CHL|CLP|56|152|South America",
        "Australia|AU|AUS|AUD|61|036|Oceania",
        "New Zealand|NZ|NZL|NZD|64|554|Oceania",
        "South Africa|ZA|ZAF|ZAR|27|710|Africa",
        "Kenya|KE|KEN|KES|254|404|Africa",
        "Morocco|MA|MAR|MAD|212|504|Africa",
        "Egypt|EG|EGY|EGP|20|818|Africa",
        "Greece|GR|GRC|EUR|30|300|Europe",
    )
)
"""Country, its codes of two and three letters, currency, calling code, number, continent."""
CURRENCY_LINES = tuple(
    tuple(line.split("|"))
    for line in (
        "US Dollar|USD|$", "Euro|EUR|€", "Pound Sterling|GBP|£", "Canadian Dollar|CAD|C$", "Yen|JPY|¥",
        "Swiss Franc|CHF|CHF", "Australian Dollar|AUD|A$", "Swedish Krona|SEK|kr", "Norwegian Krone|NOK|kr",
        "Danish Krone|DKK|kr", "Polish Zloty|PLN|zł", "Indian Rupee|INR|₹", "Brazilian Real|BRL|R$",
        "Mexican Peso|MXN|MX$", "New Zealand Dollar|NZD|NZ$", "Rand|ZAR|R", "Won|KRW|₩", "Czech Koruna|CZK|Kč",
    )
)  # fmt: skip
"""Currency, its code, its symbol."""
LANGUAGE_LINES = tuple(
    tuple(line.split("|"))
    for line in (
        "English|en|en_US|eng", "Spanish|es|es_ES|spa", "French|fr|fr_FR|fra", "German|de|de_DE|deu",
        "Italian|it|it_IT|ita", "Portuguese|pt|pt_PT|por", "Dutch|nl|nl_NL|nld", "Polish|pl|pl_PL|pol",
        "Swedish|sv|sv_SE|swe", "Danish|da|da_DK|dan", "Greek|el|el_GR|ell", "Turkish|tr|tr_TR|tur",
        "Arabic|ar|ar_EG|ara", "Hindi|hi|hi_IN|hin", "Japanese|ja|ja_JP|jpn", "Korean|ko|ko_KR|kor",
        "Norwegian|no|nb_NO|nor", "Czech|cs|cs_CZ|ces",
    )
)  # fmt: skip
"""Language, its code of two letters, locale, code of three letters."""
UNIT_LINES = tuple(
    tuple(line.split("|"))
    for line in (
        "Each|EA|ea", "Box|BOX|box", "Kilogram|KG|kg", "Gram|G|g", "Liter|L|l", "Milliliter|ML|ml", "Meter|M|m",
        "Centimeter|CM|cm", "Millimeter|MM|mm", "Inch|IN|in", "Foot|FT|ft", "Pound|LB|lb", "Ounce|OZ|oz",
        "Gallon|GAL|gal", "Dozen|DZ|dz", "Pair|PR|pr", "Pack|PK|pk", "Pallet|PAL|pal", "Hour|HR|h", "Day|DAY|d",
        "Square meter|M2|m2", "Cubic meter|M3|m3", "Roll|ROL|roll", "Set|SET|set", "Bottle|BTL|btl", "Bag|BAG|bag",
        "Carton|CTN|ctn", "Ton|TON|t",
    )
)  # fmt: skip
"""Name, code and sign of units of measure."""
STATE_LINES = tuple(dict.fromkeys((line[1], line[2]) for line in GEOGRAPHY))
"""Name and code of states and provinces."""
LISTED = {
    "country": COUNTRY_LINES,
    "currency": CURRENCY_LINES,
    "language": LANGUAGE_LINES,
    "state": STATE_LINES,
    "unit": UNIT_LINES,
}
"""What tables list, by what their rows are; the most usual first."""
AREAS = (
    "North|South|East|West|Central|Coastal|Downtown|Regional|National|Local|Retail|Wholesale|Online|Partner|Campus|"
    "Spring|Summer|Autumn|Winter|Weekend|Weekday|Evening|Morning|Annual|Quarterly|Monthly|Weekly|Field|Office|Mobile"
).split("|")
QUALITIES = (
    "standard|primary|secondary|basic|extended|premium|priority|seasonal|internal|external|default|backup|general|"
    "special|preferred|temporary|interim|combined|reduced|express|flexible|fixed|shared|joint|pilot"
).split("|")
SETTINGS = (
    "session.timeout|mail.sender|mail.footer|ui.theme|ui.language|ui.page_size|backup.enabled|backup.hour|"
    "cache.lifetime|login.attempts|login.notice|report.format|report.recipients|search.limit|upload.max_size|"
    "upload.types|date.format|number.format|currency.default|currency.rounding|tax.rounding|order.prefix|"
    "invoice.prefix|invoice.due_days|stock.warning|stock.reserve|theme.color|notify.channel|notify.hour|export.delimiter"
).split("|")
SETTING_VALUES = (
    "true|false|30|10|25|50|100|15|5|60|3600|en|light|dark|csv|pdf|weekly|daily|desk@example.com|%Y-%m-%d|USD|0.5|A-|"
    ";|none|auto"
).split("|")
PERMISSIONS = tuple(
    f"{thing}.{deed}"
    for thing in ("orders", "users", "reports", "invoices", "products", "settings", "customers", "files", "roles")
    for deed in ("read", "create", "update", "delete", "export")
)
ROLES = (
    "Administrator|Manager|Editor|Viewer|Support Agent|Accountant|Auditor|Owner|Contributor|Moderator|Analyst|"
    "Developer|Guest|Supervisor|Operator|Team Lead|Billing Contact|Reviewer"
).split("|")
FILES = (
    "annual-report|invoice|contract|meeting-notes|floor-plan|price-list|inventory|payroll|newsletter|budget|logo|"
    "brochure|manual|checklist|survey|presentation|timetable|photo|scan|receipt|agenda|backup|export|statement"
).split("|")
SUBJECT_LINES = (
    "Question about the last invoice|Cannot sign in|Wrong item in the parcel|Change of address|Refund not received|"
    "Delivery is late|Request for a quote|Password reset does not arrive|Page loads very slowly|"
    "Export misses some rows|Meeting on Thursday|Renewal of the contract|Double charge on the card|"
    "Printer on the second floor|Access for a new colleague|Broken link in the newsletter|Missing receipt|"
    "Update of contact details|Report shows old figures|Cancellation of the booking|Feedback on the visit|"
    "Reminder about the deadline|Problem with the discount code|New laptop needed|Invitation to the training"
).split("|")
HEX_COLORS = "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf 004d40 5e35b1".split()
VERDICTS = (
    "Good value|Better than expected|Exactly as described|Would buy again|Not for me|Does the job|A little small|"
    "Broke after a month|Arrived late|Very happy with it|Works as it should|Average|Great quality|Disappointing|"
    "A good present|Five stars|Too expensive|Solid and simple|Color differs from the picture|Well worth the wait"
).split("|")
VERDICT_REASONS = (
    "The finish is neat and nothing rattles|It was well packed|The size runs a little small|"
    "Support answered within a day|The instructions could be clearer|I use it every day|"
    "It was a gift and went down well|"
    "After two weeks it still looks new|One corner was scratched|I expected more for the price|"
    "My sister ordered the same one|Delivery took nine days|It is lighter than it looks|The second one I have bought|"
    "It does what it says|I sent it back|It replaced a much older one|The material feels cheap|"
    "Setting it up took minutes|"
    "It fits where the old one did not"
).split("|")
ERRORS = (
    "Connection timed out after 30 seconds|Could not parse the response|The file is larger than allowed|"
    "Duplicate entry for the key|The remote host refused the connection|Permission denied|Out of memory|"
    "The record was changed by someone else|Rate limit exceeded|Invalid date in column 4|The mailbox is full|"
    "Certificate has expired|Unknown currency code|Lock wait timeout exceeded|Missing required field: email"
).split("|")
REASONS = (
    "No longer needed|Ordered by mistake|Arrived too late|Damaged on arrival|Wrong size|Not as described|"
    "Duplicate entry|Change of plans|Found a better offer|Budget was cut|Moved away|Requested by the customer|"
    "Correction of an error|Yearly stocktaking|Expired|Personal reasons|Illness|Holiday|Technical problem|"
    "Contract ended|Missing documents|Waiting for approval"
).split("|")
CORRECTIONS = (
    "Duplicate entry|Entered in error|Wrong record|Entered twice|Merged into another record|Test entry|"
    "No longer in use|Replaced by a newer entry|Recorded for the wrong person|Wrong date|Incomplete entry|Out of date"
).split("|")
CHARGES = (
    "Monthly fee|Consultation|Support hours|Setup|Delivery|Installation|Extra storage|Training session|Cleaning|"
    "Materials|Working hours|Inspection|Repair|Printing|Translation|Hosting|License|Maintenance|Analysis|"
    "Travel costs|"
    "Second opinion|Spare part|Transport|Packaging|Late fee|Additional seats"
).split("|")
CHARGE_ENDINGS = (
    "|, reduced rate|, first half|, second half|, on site|, remote|, express|, as ordered|, January|, March|, May"
    "|, July|, September|, November"
).split("|")
USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36",
)  # fmt: skip
