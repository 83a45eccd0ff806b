/**
 * People of the simulated inbox: names and words in many scripts, so that whoever reads them meets right-to-left text, combining
 * marks, and emoji made of several code points. Each says things in one language.
 *
 * @typedef {object} Community
 * @property {string[]} given
 * @property {string[]} family
 * @property {(given: string, family: string) => string} name
 * @property {string[]} says what people write to the Page
 * @property {string[]} hears what the Page replies
 */

/** @type {(given: string, family: string) => string} */
const givenFirst = (given, family) => `${given} ${family}`;
/** @type {(given: string, family: string) => string} */
const familyFirst = (given, family) => `${family}${given}`;

/** @type {Community[]} */
export const COMMUNITIES = [
	{
		given: ["Maya", "Owen", "Priya", "Caleb", "Hannah"],
		family: ["O’Brien", "Whitfield", "Castellanos", "Adeyemi", "Lindqvist"],
		name: givenFirst,
		says: [
			"Hi! Do you have any sourdough left today?",
			"Could I move my pickup to 5:30?",
			"The box arrived a bit squashed, can you help?",
			"Is the lemon tart nut-free?",
			"Perfect, thank you so much! 🥐",
		],
		hears: [
			"Yes, we can keep two for you until six.",
			"Done, see you then!",
			"So sorry about that. May I send you a new one?",
		],
	},
	{
		given: ["Tom", "Grace", "Jamal", "Siobhán", "Eleanor"],
		family: ["Hargreaves", "Okafor", "Pemberton-Lee", "Rossi", "Ng"],
		name: givenFirst,
		says: [
			"Are you open on Sunday?",
			"I’d like to order a birthday cake for 12 🎂",
			"Can it say “Happy 7th, Noor”?",
			"Do you deliver to Harbour Road?",
			"It was delicious, everybody asked where it came from.",
		],
		hears: [
			"We are, from eight to two.",
			"Gladly! Chocolate or vanilla?",
			"We deliver there every morning before nine.",
		],
	},
	{
		given: ["Zoë", "André", "Inès", "François"],
		family: ["Lefèvre", "Château", "D’Amboise", "Ægerter"],
		name: givenFirst,
		says: [
			"Bonjour, le pain aux noix est-il déjà épuisé ?",
			"Je peux passer le chercher vers midi ?",
			"Merci beaucoup, c’était délicieux 👩‍🍳",
		],
		hears: ["Bien sûr, on vous en garde deux.", "Oui, jusqu’à 19 h."],
	},
	{
		given: ["Begoña", "Íñigo", "Lucía", "Raúl"],
		family: ["Gonçalves", "Núñez", "Ibáñez", "Peña"],
		name: givenFirst,
		says: [
			"¿A qué hora cierran mañana?",
			"¿Tienen empanadas sin gluten?",
			"¡Muchas gracias, todo riquísimo!",
		],
		hears: ["Hasta las ocho, te esperamos.", "Sí, recién salidas del horno."],
	},
	{
		given: ["Łukasz", "Żaneta", "Świętosława", "Bożena"],
		family: ["Wiśniewska", "Brzęczyszczykiewicz", "Dąbrowski"],
		name: givenFirst,
		says: [
			"Czy macie chleb bez glutenu?",
			"Poproszę dwa makowce na sobotę ❤️‍🔥",
			"Dziękuję, wszystko pyszne.",
		],
		hears: ["Tak, codziennie od siódmej.", "Oczywiście, odłożymy."],
	},
	{
		given: ["Мирослава", "Тимофій", "Соломія", "Богдан"],
		family: ["Коваленко", "Їжакевич", "Ґудзь", "Щербина"],
		name: givenFirst,
		says: [
			"Добрий день! Чи можна забрати торт увечері?",
			"Скільки коштує житній хліб?",
			"Дякую, все було чудово 🍞",
		],
		hears: ["Так, чекаємо на вас до восьмої.", "Зараз перевірю й напишу вам."],
	},
	{
		given: ["ليلى", "يوسف", "مريم", "طارق"],
		family: ["الحدّاد", "المغربي", "بن صالح", "القاضي"],
		name: givenFirst,
		says: [
			"مرحبًا، هل ما زال الكعك متوفرًا؟",
			"كم سعر العلبة الكبيرة؟ 🎁",
			"شكرًا جزيلًا، وصل الطلب في موعده.",
		],
		hears: ["نعم، نجهّزه لك خلال ساعة.", "أهلًا بك في أي وقت."],
	},
	{
		given: ["נועה", "איתן", "שירה"],
		family: ["אבולעפיה", "כהן־צדק", "בן־שושן"],
		name: givenFirst,
		says: [
			"שלום, יש חלות לשבת?",
			"אפשר להזמין עוגה ל־20 איש?",
			"תודה רבה! 👨‍👩‍👧‍👦",
		],
		hears: ["בוודאי, נשמור לך שתיים.", "כן, עד יום חמישי."],
	},
	{
		given: ["आरती", "विक्रम", "श्रुति"],
		family: ["क्षीरसागर", "त्रिपाठी", "देशपांडे"],
		name: givenFirst,
		says: [
			"नमस्ते, क्या आज ताज़ी रोटी मिलेगी?",
			"जन्मदिन का केक कितने का है? 🎂",
			"बहुत स्वादिष्ट था, धन्यवाद।",
		],
		hears: ["जी हाँ, शाम छह बजे तक।", "हम अभी बताते हैं।"],
	},
	{
		given: ["শ্রেয়া", "অনির্বাণ", "ঋতু"],
		family: ["চট্টোপাধ্যায়", "ভট্টাচার্য", "ইসলাম"],
		name: givenFirst,
		says: ["দোকান কখন খুলবে?", "দুটি কেক অর্ডার করতে চাই।", "খুব ভালো লেগেছে 🥰"],
		hears: ["সকাল আটটায় খুলি।", "আপনার অর্ডার নেওয়া হয়েছে।"],
	},
	{
		given: ["กัญญา", "ธนกฤต", "ปิ่นแก้ว"],
		family: ["ศรีสุวรรณ", "วงศ์ไพบูลย์", "รุ่งเรือง"],
		name: givenFirst,
		says: ["มีขนมปังโฮลวีตไหมคะ", "ส่งถึงบ้านได้ไหมครับ 🛵", "อร่อยมาก ขอบคุณค่ะ"],
		hears: ["มีค่ะ แวะมาได้เลย", "ส่งได้ภายในหนึ่งชั่วโมงครับ"],
	},
	{
		given: ["晓彤", "子轩", "雅婷"],
		family: ["欧阳", "陈", "龚"],
		name: familyFirst,
		says: [
			"请问今天还有红豆面包吗?",
			"可以预订周五的蛋糕吗?🍰",
			"謝謝,孩子們都很喜歡!",
		],
		hears: ["有的,给您留两个。", "可以,请告诉我们人数。"],
	},
	{
		given: ["さくら", "健太郎", "結衣"],
		family: ["佐々木", "髙橋", "渡邉"],
		name: familyFirst,
		says: [
			"カレーパンはまだありますか?",
			"明日の朝、取りに行ってもいいですか?",
			"とても美味しかったです🙇🏽‍♀️",
		],
		hears: ["はい、お取り置きいたします。", "お待ちしております。"],
	},
	{
		given: ["서연", "도윤", "하늘"],
		family: ["남궁", "김", "선우"],
		name: familyFirst,
		says: [
			"안녕하세요, 소금빵 남아 있나요?",
			"주말에도 문 여시나요?",
			"정말 맛있었어요 👍🏻",
		],
		hears: ["네, 오후 세 시에 다시 나옵니다.", "일요일은 쉽니다."],
	},
	{
		given: ["ሰላማዊት", "ዮሐንስ", "ብርሃን"],
		family: ["ተስፋዬ", "ገብረማርያም", "አበበ"],
		name: givenFirst,
		says: ["ሰላም፣ ዛሬ ዳቦ አለ?", "ኬክ ለማዘዝ ፈልጌ ነበር።", "በጣም አመሰግናለሁ 🏳️‍🌈"],
		hears: ["አዎ፣ እስከ ማታ ክፍት ነን።", "እናመሰግናለን።"],
	},
];

/** Instagram shows usernames only, and these are Latin letters, digits, dots and underscores. */
export const HANDLES = {
	first: ["quiet", "north", "paper", "copper", "early", "violet", "salty"],
	second: ["heron", "kettle", "orchard", "tram", "comet", "willow", "ferry"],
	joint: [".", "_", ""],
};
