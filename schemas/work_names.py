# ruff: noqa: E501 - a list of names is no easier to read in short lines
"""Names and short texts of everyday businesses: hotels, schools, sales, warehouses. Data only, as in `names.py`."""

from __future__ import annotations

_LESSONS = ("Algebra", "Biology", "Chemistry", "Economics", "English", "French", "Geography", "Geometry", "History",
            "Music", "Physics", "Statistics", "Spanish", "Art", "Computing", "Ethics")  # fmt: skip
_HOMES = ("Alder", "Ashford", "Beacon", "Birch", "Brookside", "Cedar", "Elm Street", "Fairview", "Garden", "Granite", "Harbor",
          "Hawthorn", "Hillside", "Lakeview", "Linden", "Maple", "Meadow", "Millbrook", "Oak", "Orchard", "Park", "Pine", "Prairie",
          "Ridge", "Riverside", "Rowan", "Sierra", "Station", "Summit", "Valley", "Walnut", "Willow", "Windmill")  # fmt: skip
_FIRMS = ("Aldervale", "Brightwell", "Calderon", "Dunmore", "Eastlake", "Fernway", "Halden", "Kestrel", "Larkspur", "Merrick",
          "Northgate", "Pemberton", "Redfern", "Sterling", "Tamarack", "Whitlock")  # fmt: skip

WORK_NAMES: dict[str, tuple[str, ...]] = {
    # Lists that many schemas have
    "care_setting": ("Outpatient", "Inpatient", "Emergency", "Day Care", "Home Care", "Rehabilitation", "Long-Term Care", "Hospice", "Telehealth", "Community Clinic"),
    "option_name": ("Color", "Size", "Material", "Engraving", "Gift Wrap", "Delivery Date", "Length", "Frame", "Memory", "Warranty", "Finish", "Pack Size", "Scent", "Battery", "Cable", "Language", "Width", "Fabric", "Handle", "Lid"),
    "order_status": ("Pending", "Processing", "Shipped", "Complete", "Canceled", "Denied", "Refunded", "Failed", "Reversed", "Chargeback", "Expired", "Voided", "On Hold", "Awaiting Payment", "Partially Shipped", "Returned", "Backordered", "Packed"),
    "stock_status": ("In Stock", "Out of Stock", "Pre-Order", "2-3 Days", "Discontinued", "Backorder", "Low Stock", "On Request", "Seasonal", "Made to Order"),
    "return_status": ("Awaiting Products", "Pending", "Complete", "Received", "Inspected", "Rejected", "Refunded", "Replaced", "Closed", "Canceled"),
    "return_action": ("Refunded", "Credit Issued", "Replacement Sent", "Repaired", "Rejected", "Sent Back", "Exchanged", "Disposed"),
    "subscription_status": ("Active", "Pending", "Expired", "Canceled", "Suspended", "Trial", "Denied", "Failed", "Past Due", "Paused"),
    "tax": ("Standard Rate", "Reduced Rate", "Zero Rate", "Exempt", "Food", "Books", "Downloads", "Services", "State Tax", "City Tax", "County Tax", "Eco Tax", "Luxury Tax", "Import Duty", "Reverse Charge", "Second Reduced Rate"),
    "coupon_name": ("10% off everything", "Free shipping", "Welcome discount", "Spring special", "5 off your next order", "Friends and family", "Loyalty bonus", "Clearance extra", "Student discount", "Birthday gift", "Two for one", "Newsletter thank-you", "Weekend deal", "First order", "Summer special", "Black Friday", "Refer a friend", "Last chance", "Early bird", "Holiday special"),
    "gender_name": ("Female", "Male", "Other", "Not applicable", "Nonbinary", "Not stated"),
    "nationality": ("American", "British", "Canadian", "French", "German", "Spanish", "Italian", "Dutch", "Swedish", "Danish", "Norwegian", "Polish", "Portuguese", "Greek", "Turkish", "Indian", "Japanese", "Korean", "Chinese", "Brazilian", "Mexican", "Argentine", "Chilean", "Australian", "Kenyan", "Egyptian", "Moroccan", "Irish", "Swiss", "Austrian", "Belgian", "Finnish", "Czech", "Hungarian", "Romanian", "Ukrainian", "Vietnamese", "Thai", "Nigerian", "South African", "Peruvian", "Colombian", "Israeli", "Lebanese", "Filipino", "Malaysian"),
    "leave_type": ("Annual Leave", "Sick Leave", "Parental Leave", "Unpaid Leave", "Bereavement Leave", "Study Leave", "Compensatory Leave", "Jury Duty", "Volunteer Day", "Military Leave", "Marriage Leave", "Moving Day", "Sabbatical", "Care Leave", "Home Office", "Public Holiday"),
    "leave_status": ("Pending Approval", "Scheduled", "Taken", "Rejected", "Canceled", "Weekend", "Holiday"),
    "employment_status": ("Full-Time Permanent", "Full-Time Contract", "Full-Time Probation", "Part-Time Contract", "Part-Time Internship", "Freelance", "Seasonal", "Apprentice", "Retired", "Temporary Agency"),
    "pay_grade": ("Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5", "Grade 6", "Manager 1", "Manager 2", "Executive", "Trainee", "Hourly", "Senior 1", "Senior 2", "Specialist"),
    "skill": ("Bookkeeping", "Welding", "Project planning", "Spreadsheets", "Public speaking", "Negotiation", "First aid", "Forklift driving", "Databases", "Copywriting", "Photography", "Translation", "Payroll", "Customer care", "Carpentry", "Network setup", "Data analysis", "Event planning", "Teaching", "Inventory control", "Quality control", "Graphic design", "Cooking", "Electrical work", "Scheduling", "Interviewing", "Contract law", "Video editing"),
    "license_name": ("Driving License B", "Forklift License", "Food Handling", "First Aid Certificate", "Electrician License", "Real Estate License", "Nursing License", "Teaching Certificate", "Pilot License", "Crane Operator", "Security Guard Card", "Accountant Certificate", "Welding Certificate", "Truck License C"),
    "education": ("High School", "Bachelor of Arts", "Bachelor of Science", "Master of Arts", "Master of Science", "Doctorate", "Vocational Training", "Associate Degree", "Master of Business Administration", "Teaching Degree", "Apprenticeship", "Law Degree"),
    "termination_reason": ("Resigned", "Retired", "End of Contract", "Laid Off", "Dismissed", "Deceased", "Probation Not Passed", "Moved Abroad", "Health Reasons", "Other"),
    "module_name": ("Administration", "Reports", "Billing", "Calendar", "Contacts", "Documents", "Mail", "Inventory", "Time Tracking", "Help", "Search", "Dashboard", "Import and Export", "Maintenance", "Directory", "Recruitment", "Surveys", "Forum", "Maps", "News"),
    "shift_name": ("Day", "Evening", "Night", "Early Morning", "Late Morning", "Weekend Day", "Weekend Night", "Split", "Twilight", "On Call", "Holiday", "Short Day"),
    "report_name": ("Monthly Sales", "Open Items", "Staff List", "Absence Overview", "Daily Summary", "Stock Levels", "Customer Growth", "Overdue Invoices", "Visits by Month", "Yearly Statistics", "New Registrations", "Cost by Department", "Activity Log", "Top Products", "Response Times", "Budget Comparison", "Data Quality", "Weekly Schedule", "Expiring Contracts", "Age Groups"),
    "instrument_name": ("Piano", "Guitar", "Violin", "Cello", "Flute", "Clarinet", "Oboe", "Trumpet", "Trombone", "Drums", "Harp", "Organ", "Accordion", "Saxophone", "Double Bass", "Viola", "Banjo", "Mandolin", "Sitar", "Marimba", "Tuba", "Bassoon", "Ukulele", "Harmonica", "Theremin", "Bagpipes", "Lute", "Harpsichord", "Vibraphone", "Timpani"),
    "mood_name": ("Calm", "Cheerful", "Tense", "Dreamy", "Melancholic", "Energetic", "Romantic", "Dark", "Playful", "Angry", "Hopeful", "Lonely", "Festive", "Mysterious", "Relaxed", "Solemn", "Nostalgic", "Warm", "Restless", "Triumphant"),
    "document_template": ("Invoice", "Delivery Note", "Reminder", "Quotation", "Credit Note", "Welcome Letter", "Password Reset", "Order Confirmation", "Contract", "Receipt", "Monthly Statement", "Appointment Reminder", "Newsletter", "Shipping Notice", "Refund Notice", "Payment Request", "Survey Invitation", "Account Closed", "Birthday Greeting", "Meeting Invitation"),
    "hotel": tuple(f"{name} {form}" for form in ("Hotel", "Inn", "Lodge", "Grand Hotel", "Suites") for name in _HOMES),
    "school": tuple(f"{name} {form}" for form in ("High School", "Elementary School", "Academy", "Middle School", "College") for name in _HOMES),
    "clinic": tuple(f"{name} {form}" for form in ("Clinic", "Hospital", "Medical Center", "Health Center") for name in _HOMES),
    "restaurant": tuple(f"{form} {name}" for name in _HOMES for form in ("Cafe", "Bistro", "Trattoria", "Tavern")),
    "warehouse": tuple(f"{name} {form}" for form in ("Distribution Center", "Warehouse", "Depot", "Logistics Park") for name in _HOMES),
    "library": tuple(f"{name} {form}" for form in ("Library", "Branch Library", "Reading Center") for name in _HOMES),
    "branch": tuple(f"{name} Branch" for name in (*_HOMES, "Downtown", "Airport", "Main Street", "Old Town", "Market Square", "West End", "University")),
    "seat": tuple(f"{row}{letter}" for row in range(1, 39) for letter in "ABCDEF"),
    "school_note": ("Takes part actively", "Homework often late", "Much improved since autumn", "Needs help with reading", "Very good oral work",
                    "Was ill for two weeks", "Repeats the course", "Works well in groups", "Should practice more", "Moved from another class",
                    "Excellent written work", "Parents were informed", "Quiet but attentive", "Ready for the advanced course"),
    "support_reply": ("Could you send a screenshot?", "We have passed this on to our technicians.", "It works again, thank you!", "Please try the new version.",
                      "I have the same problem since Monday.", "The refund was sent today.", "Which browser do you use?", "We could not reach you by phone.",
                      "Your account was unlocked.", "Still no answer after three days.", "The fix will be released next week.", "Can this be closed?",
                      "A new cable is on its way.", "Sorry for the delay.", "Here is the order number you asked for.", "That solved it."),
    "career": tuple(
        f"{first} {second}"
        for second in ("Speaks three languages.", "Joined in spring.", "Teaches part-time.", "Leads a small team.", "Publishes regularly.")
        for first in ("Twenty years in the profession.", "Trained in Boston and Lyon.", "Studied in Edinburgh.", "Formerly at a larger house.", "Known for clear advice.",
                      "Started as an apprentice.", "Worked abroad for five years.", "Specialized early.")
    ),
    "amenity": (
        "Wi-Fi", "Air conditioning", "Minibar", "Balcony", "Bathtub", "Safe", "Hairdryer", "Coffee machine", "Desk", "Television",
        "Swimming pool", "Sauna", "Fitness room", "Parking", "Airport shuttle", "Restaurant", "Bar", "Laundry service",
        "Breakfast buffet", "Bicycle rental", "Playground", "Conference room", "Garden", "Terrace", "Pets welcome", "Lift",
        "Room service", "Kitchenette", "Fireplace", "Massage", "Charging station", "Luggage storage", "Iron", "Sea view",
        "Wheelchair access", "Soundproof windows", "Extra beds", "Baby cot", "Concierge", "Library",
    ),
    "room_type": tuple(
        f"{kind} {bed}{view}"
        for view in ("", " with Balcony", ", Garden View", ", Sea View")
        for bed in ("Double", "King", "Twin", "Single", "Suite", "Family Room")
        for kind in ("Standard", "Superior", "Deluxe", "Executive", "Economy")
    ),
    "campaign": tuple(
        f"{when} {what}"
        for what in ("Sale", "Newsletter", "Trade Fair", "Webinar", "Launch", "Referral Bonus", "Survey", "Clearance")
        for when in ("Spring", "Summer", "Autumn", "Winter", "New Year", "May", "Back to School", "Anniversary")
    ),
    "airline": tuple(
        f"{name} {form}"
        for form in ("Airways", "Air", "Airlines", "Express")
        for name in ("Northline", "Harbor", "Bluebird", "Summit", "Meridian", "Crescent", "Prairie", "Coastal", "Alpine", "Sierra", "Atlantic", "Polar")
    ),
    "opportunity": tuple(
        f"{firm} - {what}"
        for what in ("renewal", "pilot", "upgrade", "new licenses", "expansion", "support contract", "training", "consulting")
        for firm in _FIRMS
    ),
    "exam": tuple(f"{lesson} {form}" for form in ("Final", "Midterm", "Quiz", "Oral Exam", "Retake", "Placement Test") for lesson in _LESSONS),
    "assignment": tuple(f"{lesson}: {what}" for what in ("essay", "exercises", "project", "reading", "presentation", "review sheet", "lab report") for lesson in _LESSONS),
    "benefit": (
        "Health Insurance", "Dental Plan", "Vision Plan", "Retirement Savings", "Life Insurance", "Transit Pass", "Gym Membership",
        "Meal Vouchers", "Parental Leave", "Childcare Support", "Disability Insurance", "Tuition Support", "Company Car",
        "Bicycle Leasing", "Employee Discount", "Legal Advice", "Stock Purchase Plan", "Extra Vacation Days", "Home Office Allowance",
        "Phone Plan", "Wellness Program", "Relocation Support", "Travel Insurance", "Sabbatical", "Language Courses", "Counseling",
        "Accident Insurance", "Health Savings Account", "Pet Insurance", "Long Service Award",
    ),
    "training": (
        "Fire Safety", "First Aid", "Data Protection", "Forklift Operation", "Presentation Skills", "Time Management",
        "Spreadsheet Basics", "Customer Service", "Project Management", "Conflict Resolution", "Leadership Basics", "Ladder Safety",
        "Information Security", "Onboarding", "Sales Techniques", "Interviewing", "Food Hygiene", "Writing Clearly", "Negotiation",
        "Accounting Basics", "Quality Audits", "Manual Handling", "Diversity and Inclusion", "Public Speaking", "Coaching",
        "Chemical Safety", "Business English", "Database Queries", "Agile Methods", "Stress Management", "Export Rules",
        "Budget Planning", "Energy Saving", "Machine Maintenance", "Health and Safety", "Phone Etiquette", "Mentoring",
    ),
    "how_to": tuple(
        f"How to {deed} {thing}{end}"
        for end in ("", " on the phone", " as an administrator")
        for deed, thing in (
            ("reset", "a password"), ("change", "your address"), ("export", "a report"), ("cancel", "an order"), ("add", "a user"),
            ("connect", "a printer"), ("read", "the invoice"), ("import", "contacts"), ("share", "a folder"), ("set up", "alerts"),
            ("update", "the payment card"), ("close", "an account"), ("restore", "a deleted file"), ("install", "the app"),
            ("translate", "a page"), ("return", "an item"), ("merge", "two records"), ("switch", "the language"),
        )
    ),
    "sla": ("Standard", "Premium", "Gold", "Silver", "Bronze", "24/7 Critical", "Business Hours", "Next Business Day", "Four-Hour Response",
            "Internal", "Partner", "Trial", "Public Sector", "Weekend Cover", "Hardware Replacement", "VIP"),
    "reading_program": (
        "Story Time", "Book Club", "Homework Help", "Computer Basics", "Author Reading", "Poetry Night", "Language Cafe", "Lego Club",
        "Film Evening", "Writing Workshop", "Local History Talk", "Chess Club", "Knitting Circle", "Summer Reading Challenge",
        "Resume Help", "Baby Rhymes", "Teen Gaming", "Genealogy Hour", "Science for Kids", "Craft Afternoon", "Music Hour", "Debate Club",
        "Tax Help", "Gardening Talk", "Photography Walk", "Podcast Lab", "Reading Dogs", "Museum Visit",
    ),
    "study_room": tuple(
        f"{name} Room{end}"
        for end in ("", " 2")
        for name in ("Reading", "Quiet", "Group Study", "Map", "Newspaper", "Children's", "Media", "Seminar", "Archive", "Music", "Garden", "North", "South", "Tower")
    ),
    "warehouse_machine": tuple(
        f"{kind} {number}" for number in range(1, 7)
        for kind in ("Forklift", "Pallet Jack", "Reach Truck", "Conveyor", "Hand Scanner", "Label Printer", "Stretch Wrapper", "Floor Scale", "Dock Leveler", "Order Picker")
    ),
    "smart_device": tuple(
        f"{kind}, {place}"
        for place in ("hall A", "hall B", "roof", "basement", "office 1", "cold room", "gate", "pump house", "workshop")
        for kind in ("Temperature sensor", "Motion sensor", "Smart meter", "Door contact", "Air quality monitor", "Water meter", "Camera", "Relay", "Light switch")
    ),
    "smart_gateway": tuple(f"Gateway {place}" for place in ("hall A", "hall B", "roof", "basement", "office", "yard", "cold room", "gate", "pump house",
                           "workshop", "north", "south", "east", "west", "laboratory", "garage", "tower", "depot", "reception", "parking")),
    "smart_type": ("Temperature Sensor", "Humidity Sensor", "Motion Sensor", "Smart Meter", "Door Contact", "Air Quality Monitor", "Water Meter", "Camera",
                   "Relay", "Light Switch", "Thermostat", "Smoke Detector", "Vibration Sensor", "Level Sensor", "Pressure Sensor", "GPS Tracker", "Valve",
                   "Weather Station", "Energy Monitor", "Leak Detector", "Beacon", "Smart Plug", "CO2 Sensor", "Soil Moisture Sensor", "Sound Level Meter"),
    "alert_rule": ("High temperature", "Low battery", "Device offline", "Door left open", "High humidity", "Water leak", "Motion at night",
                   "Power failure", "Weak signal", "CO2 too high", "Pressure drop", "Frost warning", "Too many restarts", "Unusual consumption",
                   "Sensor drift", "Smoke", "Vibration", "Filter change", "Calibration due", "Storage full"),
    "macro": ("Close as solved", "Ask for details", "Escalate to second line", "Send refund form", "Mark as spam", "Assign to billing", "Request logs",
              "Thank and close", "Set priority high", "Merge duplicates", "Notify account manager", "Schedule a call", "Reset password",
              "Share status page", "Translate reply", "Tag as feedback", "Reopen case", "Waiting for customer"),
    "medical_procedure": (
        "Appendectomy", "Colonoscopy", "Hip replacement", "Cataract surgery", "Coronary angiography", "Knee arthroscopy", "Chest X-ray",
        "Cesarean section", "Tonsillectomy", "Skin biopsy", "MRI of the brain", "Blood transfusion", "Gastroscopy", "Hernia repair",
        "Dialysis", "Wound suture", "Echocardiogram", "Joint injection", "Tooth extraction", "Gallbladder removal", "CT of the abdomen",
        "Pacemaker implantation", "Lumbar puncture", "Cast application", "Bronchoscopy", "Mammography", "Bone marrow biopsy", "Vasectomy",
    ),
    "problem_text": tuple(
        f"{what}{end}"
        for end in (".", "; since yesterday.", "; a restart did not help.", "; happens on two computers.")
        for what in (
            "The page stays white after signing in", "The invoice shows the wrong address", "The parcel arrived without the cable",
            "The report misses the last two days", "I do not receive the confirmation e-mail", "The app closes when I open the calendar",
            "Printing stops after the first page", "The discount code is not accepted", "My card was charged twice",
            "The search finds nothing at all", "I cannot upload files larger than one megabyte", "The total in the export is different",
        )
    ),
    "bio": tuple(
        f"{who} {what}"
        for what in ("Likes long walks.", "Writes about daily life.", "Lives near the sea.", "Plays the piano.", "Two children, one dog.", "Works on old maps.")
        for who in ("Teacher and gardener.", "Engineer from the north.", "Cook by profession.", "Photographer since school.", "Nurse and runner.",
                    "Likes books and tea.", "Musician and traveler.", "Baker with a blog.", "Student of history.", "Carpenter, retired.")
    ),
}  # fmt: skip
