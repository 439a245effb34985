package dev.strata.protocol;

import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON and back: of whole numbers, {@code double}, truths, texts, enums, other records,
 * lists, and maps by text. By the parser that a NATS client has loaded anyway to understand its
 * server: what it takes to load another one is a fifth of an agent's time to its first heartbeat.
 *
 * <p>What is read has to come from our own parts, or be {@link #small}. That parser takes more than
 * JSON (a comma too many, a key without its first quote, something behind the end), leaves nulls
 * out of maps, makes a tree of all there is, and calls itself for each level.
 */
final class Records {
  /** The parser calls itself for each level, and a thread's stack has an end. */
  static final int MAX_DEPTH = 64;

  private static final int SMALL_BYTES = 65_536;
  private static final int SMALL_VALUES = 1000;

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private record Field(String name, Type type, Method accessor) {}

  private record Shape(List<Field> fields, Constructor<?> constructor) {
    static Shape of(Class<?> type) {
      try {
        List<Field> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
          Method accessor = component.getAccessor();
          accessor.setAccessible(true);
          fields.add(new Field(component.getName(), component.getGenericType(), accessor));
        }
        Constructor<?> constructor =
            type.getDeclaredConstructor(
                fields.stream().map(f -> raw(f.type())).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return new Shape(fields, constructor);
      } catch (NoSuchMethodException e) {
        throw new IllegalArgumentException(type + " is no record", e);
      }
    }
  }

  private Records() {}

  /**
   * Reads a record. Fields that it does not have are skipped; those that are missing or null are
   * null, 0 or false.
   *
   * @throws IOException when it is no JSON, a value is of another type than its field, or it is
   *     nested more than {@link #MAX_DEPTH} deep
   */
  static <T> T read(byte[] json, Class<T> type) throws IOException {
    Object read = value(parse(json), type, "the whole");
    if (read == null) {
      throw new IOException("it is null, where a record belongs");
    }
    return type.cast(read);
  }

  private static JsonValue parse(byte[] json) throws IOException {
    int depth = 0;
    boolean text = false;
    for (int i = 0; i < json.length; i++) {
      switch (json[i]) {
        case '"' -> text = !text;
        case '\\' -> i += text ? 1 : 0;
        case '{', '[' -> depth += text ? 0 : 1;
        case '}', ']' -> depth -= text ? 0 : 1;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        throw new IOException("it is nested more than " + MAX_DEPTH + " deep");
      }
    }
    try {
      return JsonParser.parse(json);
    } catch (RuntimeException | StackOverflowError e) {
      // To the parser some mistakes are indexes beyond the end; and what it takes for a text may be
      // something else than what we did.
      throw new IOException("it is no JSON: " + e, e);
    }
  }

  /**
   * Whether a tree of it is small, whoever wrote it: few values, and none of them a number that it
   * takes long to read. What may be a text counts like anything else.
   */
  static boolean small(byte[] json) {
    if (json.length > SMALL_BYTES) {
      return false;
    }
    int values = 0;
    for (byte b : json) {
      values += b == ',' || b == '[' || b == '{' ? 1 : 0;
    }
    return values <= SMALL_VALUES;
  }

  /**
   * The fields of an object; null when it is something else.
   *
   * @throws IOException when it is no JSON, or nested more than {@link #MAX_DEPTH} deep
   */
  static @Nullable Map<String, Object> fields(byte[] json) throws IOException {
    Map<String, JsonValue> parsed = parse(json).map;
    if (parsed == null) {
      return null;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    parsed.forEach((name, value) -> fields.put(name, value.object));
    return fields;
  }

  private static @Nullable Object value(JsonValue json, Type full, String name) throws IOException {
    Class<?> type = raw(full);
    if (json.type == JsonValue.Type.NULL) {
      return nothing(type);
    }
    Object value = present(json, type, full, name);
    if (value == null) {
      throw new IOException(name + " is no " + type.getSimpleName() + ": " + json.toJson());
    }
    return value;
  }

  /** Null where it is of another type. */
  private static @Nullable Object present(JsonValue json, Class<?> type, Type full, String name)
      throws IOException {
    if (type == String.class) {
      return json.string;
    } else if (type == int.class || type == Integer.class) {
      return json.i;
    } else if (type == long.class || type == Long.class) {
      return json.i == null ? json.l : Long.valueOf(json.i);
    } else if (type == double.class || type == Double.class) {
      return json.number == null
          ? noNumber(json.string)
          : Double.valueOf(json.number.doubleValue());
    } else if (type == boolean.class || type == Boolean.class) {
      return json.bool;
    } else if (type.isEnum()) {
      return constant(type, json.string);
    } else if (type == List.class) {
      return json.array == null ? null : list(json.array, element(full, 0), name);
    } else if (type == Map.class) {
      return json.map == null ? null : map(json.map, element(full, 1), name);
    }
    return json.map == null ? null : record(json.map, type);
  }

  private static @Nullable Object nothing(Class<?> type) {
    if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == double.class) {
      return 0.0;
    }
    return type == boolean.class ? false : null;
  }

  /** NaN and the infinities, for which JSON has no numbers. */
  private static @Nullable Double noNumber(@Nullable String text) {
    if ("NaN".equals(text)) {
      return Double.NaN;
    } else if ("Infinity".equals(text)) {
      return Double.POSITIVE_INFINITY;
    }
    return "-Infinity".equals(text) ? Double.NEGATIVE_INFINITY : null;
  }

  private static @Nullable Object constant(Class<?> type, @Nullable String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    return null;
  }

  private static Type element(Type full, int index) {
    return ((ParameterizedType) full).getActualTypeArguments()[index];
  }

  private static Class<?> raw(Type full) {
    return full instanceof ParameterizedType parameterized
        ? (Class<?>) parameterized.getRawType()
        : (Class<?>) full;
  }

  private static List<@Nullable Object> list(List<JsonValue> array, Type element, String name)
      throws IOException {
    List<@Nullable Object> list = new ArrayList<>(array.size());
    for (JsonValue json : array) {
      list.add(value(json, element, name));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(
      Map<String, JsonValue> json, Type element, String name) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> entry : json.entrySet()) {
      map.put(entry.getKey(), value(entry.getValue(), element, name + "." + entry.getKey()));
    }
    return map;
  }

  private static Object record(Map<String, JsonValue> json, Class<?> type) throws IOException {
    Shape shape = SHAPES.get(type);
    @Nullable Object[] values = new Object[shape.fields().size()];
    for (int i = 0; i < values.length; i++) {
      Field field = shape.fields().get(i);
      JsonValue value = json.getOrDefault(field.name(), JsonValue.NULL);
      values[i] = value(value, field.type(), field.name());
    }
    try {
      return shape.constructor().newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IOException("it is no " + type.getSimpleName() + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + type, e);
    }
  }

  /**
   * Writes a record, or whatever may be in one. What is null in a record is left out.
   *
   * @throws IllegalArgumentException when it holds a value of another kind
   */
  static String text(Object value) {
    var text = new StringBuilder(512);
    write(text, value);
    return text.toString();
  }

  /** The same as UTF-8. */
  static byte[] bytes(Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  private static void write(StringBuilder text, @Nullable Object value) {
    if (value instanceof String string) {
      quote(text, string);
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      quote(text, number.toString());
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else if (value instanceof Enum<?> constant) {
      quote(text, constant.name());
    } else if (value instanceof List<?> list) {
      text.append('[');
      for (Object element : list) {
        write(next(text), element);
      }
      text.append(']');
    } else if (value instanceof Map<?, ?> map) {
      text.append('{');
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        quote(next(text), String.valueOf(entry.getKey()));
        write(text.append(':'), entry.getValue());
      }
      text.append('}');
    } else if (value instanceof Record) {
      writeFields(text, value);
    } else {
      throw new IllegalArgumentException("no message holds a " + value.getClass());
    }
  }

  private static void writeFields(StringBuilder text, Object record) {
    text.append('{');
    for (Field field : SHAPES.get(record.getClass()).fields()) {
      Object value;
      try {
        value = field.accessor().invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + field.accessor(), e);
      }
      if (value != null) {
        quote(next(text), field.name());
        write(text.append(':'), value);
      }
    }
    text.append('}');
  }

  private static StringBuilder next(StringBuilder text) {
    char last = text.charAt(text.length() - 1);
    return last == '{' || last == '[' ? text : text.append(',');
  }

  private static void quote(StringBuilder text, String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ') {
            text.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
