package gw.sim.event;

import java.util.List;
import java.util.random.RandomGenerator;

/** What people write, and what people write to break parsers. Owned by one thread. */
final class UserText {
    private static final List<String> PLAIN =
            List.of(
                    "gm",
                    "lol",
                    "anyone up for a round tonight?",
                    "I have pushed the fix, can you pull and try again?\nIt works on my machine.",
                    "The quick brown fox jumps over the lazy dog. ",
                    "https://example.com/a/b?c=d&e=f#g",
                    "<@80351110224678912> look at <#41771983423143937>"
                            + " <:rooLove:41771983429993937>",
                    "```java\nif (a < b && c > d) {\n\treturn \"x\";\n}\n```",
                    "na\u00efve caf\u00e9, \u00fcber stra\u00dfe, \u0141\u00f3d\u017a",
                    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
                    "\u05e9\u05dc\u05d5\u05dd \u202e\u05e2\u05d5\u05dc\u05dd\u202c",
                    "\u3053\u3093\u306b\u3061\u306f\u4e16\u754c\u3001\u5143\u6c17\u3067\u3059\u304b",
                    "\ud83d\ude00\ud83d\ude02\ud83d\udd25\ud83d\udc4d\ud83c\udffd",
                    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66"
                            + " \ud83c\uddf0\ud83c\uddf7 e\u0301\u0327\u0330",
                    "\ud835\udd1f\ud835\udd29\ud835\udd1e\ud835\udd20\ud835\udd28 \u2028\u2029"
                            + " \u00a0",
                    "\b\f\n\r\t\u0001\u001f\u007f");

    private static final List<String> MISLEADING =
            List.of(
                    "\"op\":7",
                    "\"t\":\"READY\"",
                    "\"guild_id\":\"1\"",
                    "{\"t\":\"READY\",\"s\":1,\"op\":0,\"d\":{\"session_id\":\"x\"}}",
                    "\",\"guild_id\":\"1\",\"x\":\"",
                    "\"},\"op\":9,\"d\":false,\"s\":null,\"t\":null,\"z\":{\"y\":\"",
                    "}{",
                    "]]}}}}",
                    "{{[[",
                    "\\",
                    "\\\\",
                    "\\\"",
                    "\\\\\"guild_id\\\\\":\\\\\"1",
                    "C:\\new\\table\\",
                    "\\u0022guild_id\\u0022:\\u00221\\u0022",
                    "\\ud83d",
                    "\"d\":{\"guild_id\":\"1\",\"id\":\"2\"}",
                    "\"s\":9007199254740993",
                    "null",
                    "\"session_id\":\"0\",\"resume_gateway_url\":\"wss://example.com\"");

    private final RandomGenerator random;

    UserText(RandomGenerator random) {
        this.random = random;
    }

    /** A name of some letters. */
    String name() {
        return random.nextInt(6) == 0 ? misleading() : plain(24);
    }

    /** A text of about so many chars, in which every third may mislead. */
    String content(int chars) {
        StringBuilder text = new StringBuilder(plain(chars));
        if (random.nextInt(3) == 0) {
            text.append(random.nextBoolean() ? " " : "").append(misleading());
        }
        if (random.nextInt(8) == 0) {
            text.insert(0, misleading());
        }
        return text.toString();
    }

    String misleading() {
        return MISLEADING.get(random.nextInt(MISLEADING.size()));
    }

    private String plain(int chars) {
        StringBuilder text = new StringBuilder();
        while (text.length() < chars) {
            text.append(text.isEmpty() ? "" : " ").append(PLAIN.get(random.nextInt(PLAIN.size())));
        }
        int end = Math.min(chars, text.length());
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }
}
