# ruff: noqa: E501 - words of a language together
"""Names of columns in other languages, word by word in English: `nazwa_firmy` is the name of a company."""

from __future__ import annotations

_PHRASES = {
    "nazwa_firmy": "company_name", "nr_rejestracyjny": "plate_number", "prawa_jazdy": "license_number",
    "numer_prawa_jazdy": "license_number", "numer_dowodu": "passport_number", "kod_pocztowy": "postal_code",
    "code_postal": "postal_code", "codigo_postal": "postal_code", "fecha_nacimiento": "birth_date",
    "nom_famille": "last_name", "nombre_completo": "full_name", "raison_sociale": "company_name",
}  # fmt: skip
_WORDS = {
    # Polish
    "imie": "first_name", "nazwisko": "last_name", "nazwa": "name", "miasto": "city", "ulica": "street",
    "kod": "postal_code", "panstwo": "country", "kraj": "country", "numer": "house_number", "marka": "brand",
    "lokalizacja": "city", "opis": "description", "telefon": "phone", "uwagi": "notes", "firma": "company",
    "stanowisko": "job_title", "adres": "address", "kolor": "color", "haslo": "password",
    # German
    "vorname": "first_name", "nachname": "last_name", "strasse": "street", "ort": "city", "stadt": "city", "plz": "postal_code",
    "land": "country", "beschreibung": "description", "bezeichnung": "name", "bemerkung": "notes", "anrede": "salutation",
    "farbe": "color", "abteilung": "department", "benutzer": "username", "passwort": "password", "titel": "title",
    # Spanish and Portuguese
    "nombre": "name", "nome": "name", "apellido": "last_name", "apellidos": "last_name", "sobrenome": "last_name",
    "ciudad": "city", "cidade": "city", "calle": "street", "rua": "street", "direccion": "address", "endereco": "address",
    "telefono": "phone", "telefone": "phone", "correo": "email", "descripcion": "description", "descricao": "description",
    "pais": "country", "empresa": "company", "titulo": "title", "observaciones": "notes", "cargo": "job_title",
    # French and Italian
    "prenom": "first_name", "nom": "name", "ville": "city", "rue": "street", "pays": "country", "adresse": "address",
    "courriel": "email", "cognome": "last_name", "citta": "city", "indirizzo": "address", "descrizione": "description",
    "couleur": "color", "societe": "company", "titre": "title", "remarque": "notes",
}  # fmt: skip


def in_english(name: str) -> str:
    """What a column is called in English, by the first of its words that is known; the name itself when none is."""
    for phrase, english in _PHRASES.items():
        if name.startswith(phrase):
            return english
    return next((_WORDS[word] for word in name.split("_") if word in _WORDS), name)
