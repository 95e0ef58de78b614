"""The small world the sample model is taught: word lists written for this project, Italian beside English.

Knows nothing of templates or training. Every table is a tuple of tuples; the first lines say the columns.
"""

# Italian with article, English, Italian capital, English capital, continent (index into CONTINENTS), language (it, en)
COUNTRIES = (
    ("l'Italia", "Italy", "Roma", "Rome", 0, "italiano", "Italian"),
    ("la Francia", "France", "Parigi", "Paris", 0, "francese", "French"),
    ("la Spagna", "Spain", "Madrid", "Madrid", 0, "spagnolo", "Spanish"),
    ("il Portogallo", "Portugal", "Lisbona", "Lisbon", 0, "portoghese", "Portuguese"),
    ("la Germania", "Germany", "Berlino", "Berlin", 0, "tedesco", "German"),
    ("l'Austria", "Austria", "Vienna", "Vienna", 0, "tedesco", "German"),
    ("la Svizzera", "Switzerland", "Berna", "Bern", 0, "tedesco", "German"),
    ("il Belgio", "Belgium", "Bruxelles", "Brussels", 0, "olandese", "Dutch"),
    ("i Paesi Bassi", "the Netherlands", "Amsterdam", "Amsterdam", 0, "olandese", "Dutch"),
    ("la Danimarca", "Denmark", "Copenaghen", "Copenhagen", 0, "danese", "Danish"),
    ("la Svezia", "Sweden", "Stoccolma", "Stockholm", 0, "svedese", "Swedish"),
    ("la Norvegia", "Norway", "Oslo", "Oslo", 0, "norvegese", "Norwegian"),
    ("la Finlandia", "Finland", "Helsinki", "Helsinki", 0, "finlandese", "Finnish"),
    ("l'Irlanda", "Ireland", "Dublino", "Dublin", 0, "inglese", "English"),
    ("il Regno Unito", "the United Kingdom", "Londra", "London", 0, "inglese", "English"),
    ("la Polonia", "Poland", "Varsavia", "Warsaw", 0, "polacco", "Polish"),
    ("l'Ungheria", "Hungary", "Budapest", "Budapest", 0, "ungherese", "Hungarian"),
    ("la Romania", "Romania", "Bucarest", "Bucharest", 0, "rumeno", "Romanian"),
    ("la Grecia", "Greece", "Atene", "Athens", 0, "greco", "Greek"),
    ("la Croazia", "Croatia", "Zagabria", "Zagreb", 0, "croato", "Croatian"),
    ("l'Albania", "Albania", "Tirana", "Tirana", 0, "albanese", "Albanian"),
    ("la Turchia", "Turkey", "Ankara", "Ankara", 1, "turco", "Turkish"),
    ("il Giappone", "Japan", "Tokyo", "Tokyo", 1, "giapponese", "Japanese"),
    ("la Cina", "China", "Pechino", "Beijing", 1, "cinese", "Chinese"),
    ("l'India", "India", "Nuova Delhi", "New Delhi", 1, "hindi", "Hindi"),
    ("la Corea del Sud", "South Korea", "Seul", "Seoul", 1, "coreano", "Korean"),
    ("la Tailandia", "Thailand", "Bangkok", "Bangkok", 1, "thailandese", "Thai"),
    ("il Vietnam", "Vietnam", "Hanoi", "Hanoi", 1, "vietnamita", "Vietnamese"),
    ("l'Egitto", "Egypt", "Il Cairo", "Cairo", 2, "arabo", "Arabic"),
    ("il Marocco", "Morocco", "Rabat", "Rabat", 2, "arabo", "Arabic"),
    ("la Tunisia", "Tunisia", "Tunisi", "Tunis", 2, "arabo", "Arabic"),
    ("il Kenya", "Kenya", "Nairobi", "Nairobi", 2, "swahili", "Swahili"),
    ("il Senegal", "Senegal", "Dakar", "Dakar", 2, "francese", "French"),
    ("gli Stati Uniti", "the United States", "Washington", "Washington", 3, "inglese", "English"),
    ("il Canada", "Canada", "Ottawa", "Ottawa", 3, "inglese", "English"),
    ("il Messico", "Mexico", "Città del Messico", "Mexico City", 3, "spagnolo", "Spanish"),
    ("il Brasile", "Brazil", "Brasilia", "Brasília", 4, "portoghese", "Portuguese"),
    ("l'Argentina", "Argentina", "Buenos Aires", "Buenos Aires", 4, "spagnolo", "Spanish"),
    ("il Cile", "Chile", "Santiago", "Santiago", 4, "spagnolo", "Spanish"),
    ("il Perù", "Peru", "Lima", "Lima", 4, "spagnolo", "Spanish"),
    ("la Colombia", "Colombia", "Bogotá", "Bogotá", 4, "spagnolo", "Spanish"),
    ("l'Australia", "Australia", "Canberra", "Canberra", 5, "inglese", "English"),
)
CONTINENTS = (
    ("Europa", "Europe"), ("Asia", "Asia"), ("Africa", "Africa"),
    ("America del Nord", "North America"), ("America del Sud", "South America"), ("Oceania", "Oceania"),
)
# city (it, en), river (it with article, en)
RIVERS = (
    ("Roma", "Rome", "il Tevere", "the Tiber"), ("Firenze", "Florence", "l'Arno", "the Arno"),
    ("Torino", "Turin", "il Po", "the Po"), ("Verona", "Verona", "l'Adige", "the Adige"),
    ("Parigi", "Paris", "la Senna", "the Seine"), ("Londra", "London", "il Tamigi", "the Thames"),
    ("Vienna", "Vienna", "il Danubio", "the Danube"), ("Budapest", "Budapest", "il Danubio", "the Danube"),
    ("Colonia", "Cologne", "il Reno", "the Rhine"), ("Il Cairo", "Cairo", "il Nilo", "the Nile"),
    ("Lisbona", "Lisbon", "il Tago", "the Tagus"), ("Dublino", "Dublin", "il Liffey", "the Liffey"),
    ("Varsavia", "Warsaw", "la Vistola", "the Vistula"), ("Lione", "Lyon", "il Rodano", "the Rhône"),
    ("Siviglia", "Seville", "il Guadalquivir", "the Guadalquivir"), ("Praga", "Prague", "la Moldava", "the Vltava"),
)
# it with article, en, verb of its sound (it, en), food (it, en), home (it, en), legs
ANIMALS = (
    ("il gatto", "cat", "miagola", "meows", "pesce", "fish", "in casa", "in the house", 4),
    ("il cane", "dog", "abbaia", "barks", "carne", "meat", "nella cuccia", "in the kennel", 4),
    ("la mucca", "cow", "muggisce", "moos", "erba", "grass", "nella stalla", "in the barn", 4),
    ("la pecora", "sheep", "bela", "bleats", "erba", "grass", "sul prato", "in the meadow", 4),
    ("il cavallo", "horse", "nitrisce", "neighs", "fieno", "hay", "nella stalla", "in the stable", 4),
    ("il gallo", "rooster", "canta", "crows", "mais", "corn", "nel pollaio", "in the henhouse", 2),
    ("l'anatra", "duck", "starnazza", "quacks", "alghe", "weeds", "nello stagno", "in the pond", 2),
    ("il leone", "lion", "ruggisce", "roars", "carne", "meat", "nella savana", "in the savanna", 4),
    ("il lupo", "wolf", "ulula", "howls", "carne", "meat", "nel bosco", "in the forest", 4),
    ("l'asino", "donkey", "raglia", "brays", "fieno", "hay", "nella stalla", "in the stable", 4),
    ("la rana", "frog", "gracida", "croaks", "insetti", "insects", "nello stagno", "in the pond", 4),
    ("l'ape", "bee", "ronza", "buzzes", "nettare", "nectar", "nell'alveare", "in the hive", 6),
    ("il maiale", "pig", "grugnisce", "grunts", "ghiande", "acorns", "nel recinto", "in the pen", 4),
    ("il serpente", "snake", "sibila", "hisses", "topi", "mice", "tra i sassi", "among the stones", 0),
    ("il gufo", "owl", "bubola", "hoots", "topi", "mice", "sull'albero", "in the tree", 2),
    ("il passero", "sparrow", "cinguetta", "chirps", "semi", "seeds", "nel nido", "in the nest", 2),
    ("l'elefante", "elephant", "barrisce", "trumpets", "foglie", "leaves", "nella savana", "in the savanna", 4),
    ("il grillo", "cricket", "frinisce", "chirps", "erba", "grass", "sul prato", "in the meadow", 6),
    ("il topo", "mouse", "squittisce", "squeaks", "formaggio", "cheese", "nella tana", "in the burrow", 4),
    ("il piccione", "pigeon", "tuba", "coos", "semi", "seeds", "sul tetto", "on the roof", 2),
)
# thing with article (it, en), colour agreeing with it (it, en)
COLOURS = (
    ("il cielo", "the sky", "azzurro", "blue"), ("il mare", "the sea", "blu", "blue"),
    ("l'erba", "the grass", "verde", "green"), ("il sole", "the sun", "giallo", "yellow"),
    ("la neve", "the snow", "bianca", "white"), ("il carbone", "coal", "nero", "black"),
    ("il pomodoro", "the tomato", "rosso", "red"), ("la fragola", "the strawberry", "rossa", "red"),
    ("il limone", "the lemon", "giallo", "yellow"), ("la banana", "the banana", "gialla", "yellow"),
    ("l'arancia", "the orange", "arancione", "orange"), ("la carota", "the carrot", "arancione", "orange"),
    ("il latte", "milk", "bianco", "white"), ("la notte", "the night", "nera", "black"),
    ("la foglia", "the leaf", "verde", "green"), ("la ciliegia", "the cherry", "rossa", "red"),
    ("la melanzana", "the aubergine", "viola", "purple"), ("il cioccolato", "chocolate", "marrone", "brown"),
    ("la nuvola", "the cloud", "bianca", "white"), ("il cetriolo", "the cucumber", "verde", "green"),
)
DAYS = (("lunedì", "Monday"), ("martedì", "Tuesday"), ("mercoledì", "Wednesday"), ("giovedì", "Thursday"),
        ("venerdì", "Friday"), ("sabato", "Saturday"), ("domenica", "Sunday"))
MONTHS = (("gennaio", "January"), ("febbraio", "February"), ("marzo", "March"), ("aprile", "April"),
          ("maggio", "May"), ("giugno", "June"), ("luglio", "July"), ("agosto", "August"),
          ("settembre", "September"), ("ottobre", "October"), ("novembre", "November"), ("dicembre", "December"))
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# adjective and its contrary (it, it, en, en)
CONTRARIES = (
    ("grande", "piccolo", "big", "small"), ("alto", "basso", "high", "low"), ("caldo", "freddo", "hot", "cold"),
    ("veloce", "lento", "fast", "slow"), ("nuovo", "vecchio", "new", "old"), ("pieno", "vuoto", "full", "empty"),
    ("aperto", "chiuso", "open", "closed"), ("facile", "difficile", "easy", "difficult"),
    ("buono", "cattivo", "good", "bad"), ("lungo", "corto", "long", "short"), ("forte", "debole", "strong", "weak"),
    ("ricco", "povero", "rich", "poor"), ("giovane", "anziano", "young", "elderly"), ("dolce", "amaro", "sweet", "bitter"),
    ("chiaro", "scuro", "light", "dark"), ("pulito", "sporco", "clean", "dirty"), ("felice", "triste", "happy", "sad"),
    ("asciutto", "bagnato", "dry", "wet"), ("vicino", "lontano", "near", "far"), ("duro", "morbido", "hard", "soft"),
)
# single words for translation (it, en)
WORDS = (
    ("casa", "house"), ("acqua", "water"), ("pane", "bread"), ("libro", "book"), ("albero", "tree"), ("fiore", "flower"),
    ("porta", "door"), ("finestra", "window"), ("tavolo", "table"), ("sedia", "chair"), ("letto", "bed"), ("strada", "road"),
    ("città", "city"), ("montagna", "mountain"), ("fiume", "river"), ("lago", "lake"), ("isola", "island"), ("ponte", "bridge"),
    ("barca", "boat"), ("treno", "train"), ("scuola", "school"), ("amico", "friend"), ("madre", "mother"), ("padre", "father"),
    ("fratello", "brother"), ("sorella", "sister"), ("mano", "hand"), ("occhio", "eye"), ("cuore", "heart"), ("testa", "head"),
    ("luna", "moon"), ("stella", "star"), ("pioggia", "rain"), ("vento", "wind"), ("fuoco", "fire"), ("terra", "earth"),
    ("pesce", "fish"), ("uccello", "bird"), ("mela", "apple"), ("pera", "pear"), ("uva", "grapes"), ("formaggio", "cheese"),
    ("sale", "salt"), ("zucchero", "sugar"), ("burro", "butter"), ("uovo", "egg"), ("coltello", "knife"), ("cucchiaio", "spoon"),
    ("chiave", "key"), ("orologio", "clock"), ("lettera", "letter"), ("parola", "word"), ("numero", "number"), ("nome", "name"),
    ("giorno", "day"), ("notte", "night"), ("anno", "year"), ("mattina", "morning"), ("sera", "evening"), ("estate", "summer"),
    ("inverno", "winter"), ("primavera", "spring"), ("autunno", "autumn"), ("scarpa", "shoe"), ("cappello", "hat"),
    ("giardino", "garden"), ("cucina", "kitchen"), ("musica", "music"), ("canzone", "song"), ("gioco", "game"),
    ("medico", "doctor"), ("maestro", "teacher"), ("re", "king"), ("regina", "queen"), ("bosco", "forest"), ("prato", "meadow"),
)
NUMBERS = (
    ("zero", "zero"), ("uno", "one"), ("due", "two"), ("tre", "three"), ("quattro", "four"), ("cinque", "five"),
    ("sei", "six"), ("sette", "seven"), ("otto", "eight"), ("nove", "nine"), ("dieci", "ten"), ("undici", "eleven"),
    ("dodici", "twelve"), ("tredici", "thirteen"), ("quattordici", "fourteen"), ("quindici", "fifteen"),
    ("sedici", "sixteen"), ("diciassette", "seventeen"), ("diciotto", "eighteen"), ("diciannove", "nineteen"),
    ("venti", "twenty"),
)
