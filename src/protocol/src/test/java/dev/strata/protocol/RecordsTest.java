package dev.strata.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record comes back as it went, here and where Jackson reads it. */
class RecordsTest {
  private static final ObjectMapper JACKSON = Messages.mapper();

  enum Colour {
    RED,
    GREEN
  }

  record Leaf(String name, @Nullable Colour colour, boolean ripe) {}

  record Tree(
      int i,
      long l,
      double d,
      @Nullable String text,
      List<String> texts,
      Map<String, Leaf> leaves,
      Map<String, List<Double>> numbers,
      @Nullable Leaf leaf) {}

  private static <T> T read(String json, Class<T> type) throws IOException {
    return Records.read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  @Property
  void comesBackAsItWent(@ForAll("trees") Tree tree) throws IOException {
    byte[] json = Records.bytes(tree);
    assertThat(Records.read(json, Tree.class)).isEqualTo(tree);
    assertThat(JACKSON.readValue(json, Tree.class)).isEqualTo(tree);
    assertThat(Records.read(JACKSON.writeValueAsBytes(tree), Tree.class)).isEqualTo(tree);
  }

  @Provide
  Arbitrary<Tree> trees() {
    Arbitrary<String> texts =
        Arbitraries.strings().excludeChars('\ud800').filter(RecordsTest::whole);
    Arbitrary<Leaf> leaves =
        Combinators.combine(
                texts, Arbitraries.of(Colour.class).injectNull(0.3), Arbitraries.of(true, false))
            .as(Leaf::new);
    Arbitrary<Double> doubles =
        Arbitraries.oneOf(
            Arbitraries.doubles(),
            Arbitraries.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1e300));
    return Combinators.combine(
            Arbitraries.integers(),
            Arbitraries.longs(),
            doubles,
            texts.injectNull(0.3),
            texts.list().ofMaxSize(5),
            Arbitraries.maps(texts, leaves).ofMaxSize(3),
            Arbitraries.maps(texts, doubles.list().ofMaxSize(4)).ofMaxSize(3),
            leaves.injectNull(0.3))
        .as(Tree::new);
  }

  /** Half of a pair of characters is no text: UTF-8 has no bytes for it. */
  private static boolean whole(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Test
  void whatIsMissingIsNothing() throws IOException {
    assertThat(read("{}", Tree.class)).isEqualTo(new Tree(0, 0, 0, null, null, null, null, null));
    assertThat(read("{\"i\": null, \"leaf\": {\"ripe\": true, \"new\": [{}]}}", Tree.class))
        .isEqualTo(new Tree(0, 0, 0, null, null, null, null, new Leaf(null, null, true)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "null",
        "[]",
        "{",
        "{\"i\":}",
        "{\"i\":,}",
        "{\"i\":é}",
        "[}",
        "{\"i\": \"1\"}",
        "{\"i\": 1.5}",
        "{\"i\": 2147483648}",
        "{\"l\": 9223372036854775808}",
        "{\"l\": true}",
        "{\"d\": \"1\"}",
        "{\"text\": 1}",
        "{\"text\": {}}",
        "{\"texts\": {}}",
        "{\"texts\": [1]}",
        "{\"leaves\": []}",
        "{\"leaf\": 1}",
        "{\"leaf\": {\"ripe\": \"true\"}}",
        "{\"leaf\": {\"colour\": \"BLUE\"}}"
      })
  void whatIsOfAnotherTypeIsRefused(String json) {
    assertThatThrownBy(() -> read(json, Tree.class)).isInstanceOf(IOException.class);
  }

  @Test
  void aRefusalNamesTheField() {
    assertThatThrownBy(() -> read("{\"leaves\": {\"x\": 5}}", Tree.class))
        .hasMessage("leaves.x is no Leaf: 5");
  }

  @Test
  void whatIsNestedTooDeepIsRefusedBeforeItIsParsed() throws IOException {
    String deep = "[".repeat(Records.MAX_DEPTH) + "]".repeat(Records.MAX_DEPTH);
    assertThat(read("{\"text\": \"\\\"" + deep + deep + "\"}", Tree.class).text())
        .isEqualTo("\"" + deep + deep);
    assertThatThrownBy(() -> read("{\"new\": " + deep + "}", Tree.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("64 deep");
    assertThat(read("{\"new\": " + deep.substring(1, deep.length() - 1) + "}", Tree.class).i())
        .isZero();
  }

  @Test
  void whatTheParserTakesForATextDoesNotHideItsDepth() {
    String deep = "[".repeat(500_000);
    for (String key : List.of("{x\":", "{,\":", "{\"a\\\":1,\":")) {
      assertThatThrownBy(() -> read(key + deep, Tree.class)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void textsAreWrittenAsShortAsJsonAllows() {
    assertThat(Records.text(List.of("a/b", "\"\\\n\r\t", "\u0000\u001b\u007f", "é😀")))
        .isEqualTo("[\"a/b\",\"\\\"\\\\\\n\\r\\t\",\"\\u0000\\u001b\u007f\",\"é😀\"]");
  }

  @Test
  void aValueOfAnotherKindIsNotWritten() {
    assertThatThrownBy(() -> Records.text(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }
}
