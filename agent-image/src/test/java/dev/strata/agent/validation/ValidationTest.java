package dev.strata.agent.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strata.agent.BadConfigurationException;
import dev.strata.agent.TestPool;
import dev.strata.protocol.AgentConfig;
import dev.strata.protocol.Task;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each validator says of outputs, and of configurations that it cannot work with. */
class ValidationTest {
  private static final String TITLED =
      """
      {"type": "object", "required": ["title"], "properties": {
        "title": {"type": "string", "pattern": "^[A-Z]"}, "stars": {"type": "integer"}}}\
      """;

  /** Of so many greedy parts that no regular expression engine that backtracks comes to an end. */
  private static final String HOSTILE = "^" + "(.*)".repeat(10) + "b$";

  private static Validation pattern(String pattern) {
    return validation(new AgentConfig.Validation(pattern, null, false, 0, null, false));
  }

  private static Validation schema(String schema) {
    return validation(new AgentConfig.Validation(null, schema, false, 0, null, false));
  }

  private static Validation reference() {
    return validation(new AgentConfig.Validation(null, null, true, 0, null, false));
  }

  private static Validation validation(AgentConfig.Validation validation) {
    return Validation.of(TestPool.config(TestPool.java("echo"), validation));
  }

  private static Task task(String reference) {
    return new Task("id", "input", 1, reference);
  }

  private static Judgement judged(Validation validation, String reference, String output) {
    return validation.judge(new Answer(task(reference), 1, output));
  }

  private static boolean correct(Validation validation, String output) {
    return switch (judged(validation, null, output)) {
      case Judgement.Correct _ -> true;
      case Judgement.Incorrect _ -> false;
      case Judgement.NotJudged _ -> throw new AssertionError("not judged");
    };
  }

  private static String why(Validation validation, String output) {
    assertThat(judged(validation, null, output)).isInstanceOf(Judgement.Incorrect.class);
    return ((Judgement.Incorrect) judged(validation, null, output)).why();
  }

  @Test
  void aPatternIsMatchedByTheWholeOutput() {
    Validation words = pattern("[a-z]+( [a-z]+)*");
    assertThat(correct(words, "two words")).isTrue();
    assertThat(correct(words, "two words.")).isFalse();
    assertThat(correct(words, "two words\n")).isFalse();
    assertThat(why(words, "")).contains("does not match spec.agent.validation.pattern");
    assertThat(correct(pattern("(?s)yes.*"), "yes\nand no")).isTrue();
  }

  /** An agent's threads have small stacks, and comparing trees goes down into them. */
  @Test
  void whatIsNestedDeepIsComparedOrSaidToBeAnother() throws Exception {
    String deep = "[".repeat(990) + "1" + "]".repeat(990);
    var judgement = new AtomicReference<Judgement>();
    var thread =
        new Thread(
            null,
            () -> judgement.set(judged(reference(), deep, deep.replace("1", " 1"))),
            "small",
            128 << 10);
    thread.start();
    thread.join();
    assertThat(judgement.get()).isNotNull().isNotInstanceOf(Judgement.NotJudged.class);
  }

  @Test
  void aPatternThatTakesForEverIsGivenUp() {
    Validation hostile = pattern(HOSTILE);
    long began = System.nanoTime();
    assertThat(why(hostile, "a".repeat(200))).contains("it took more than 200 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aPatternThatNeedsTooMuchStackIsGivenUp() throws InterruptedException {
    Validation deep = pattern("(?:a|b)*c");
    var why = new AtomicReference<String>();
    // As small a stack as the agent's threads have.
    Thread small =
        Thread.ofPlatform()
            .stackSize(256 * 1024)
            .start(() -> why.set(why(deep, "ab".repeat(200_000))));
    small.join();
    assertThat(why.get()).contains("the pattern could not be matched");
  }

  @Test
  void aSchemaIsSatisfiedByJsonOnly() {
    Validation titled = schema(TITLED);
    assertThat(correct(titled, "{\"title\": \"A\", \"stars\": 4}")).isTrue();
    assertThat(why(titled, "{\"stars\": 4}")).contains("title");
    assertThat(why(titled, "{\"title\": \"A\", \"stars\": \"four\"}")).contains("/stars");
    assertThat(correct(titled, "{\"title\": \"a\"}")).isFalse();
    assertThat(why(titled, "title: A")).contains("the output is no JSON");
    assertThat(why(titled, "{\"title\": \"A\"} and more")).contains("the output is no JSON");
    assertThat(why(titled, "")).contains("schema");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'anyOf': [{'type': 'string'}, {'type': 'integer'}]} | 7 | true",
        "{'anyOf': [{'type': 'string'}, {'type': 'integer'}]} | true | false",
        "{'oneOf': [{'minimum': 2}, {'maximum': 3}], 'type': 'integer'} | 1 | true",
        "{'$defs': {'a': {'type': 'array'}}, '$ref': '#/$defs/a'} | [] | true",
        "{'$defs': {'a': {'type': 'array'}}, '$ref': '#/$defs/a'} | {} | false",
        "{'$schema': 'http://json-schema.org/draft-07/schema#', 'const': 1} | 1 | true",
        "{'pattern': 'a$'} | \"ba\" | true",
        "{'pattern': 'a$'} | \"ab\" | false",
      })
  void aSchemaMayUseWhatTheStandardHas(String schema, String output, boolean correct) {
    assertThat(correct(schema(json(schema)), json(output))).isEqualTo(correct);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  @Test
  void aSchemaWithAHostilePatternIsGivenUp() {
    Validation hostile = schema(json("{'items': {'pattern': '" + HOSTILE + "'}}"));
    String many = "[" + ("\"" + "a".repeat(60) + "\",").repeat(50) + "1]";
    long began = System.nanoTime();
    assertThat(why(hostile, many)).contains("it took more than 200 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void anOutputIsComparedWithTheReferenceAnswer() {
    Validation same = reference();
    assertThat(judged(same, "Bern", "Bern\n")).isInstanceOf(Judgement.Correct.class);
    assertThat(judged(same, "Bern", "bern")).isInstanceOf(Judgement.Incorrect.class);
    assertThat(judged(same, "{\"a\":1,\"b\":[2]}", "{ \"b\": [2], \"a\": 1 }"))
        .isInstanceOf(Judgement.Correct.class);
    assertThat(judged(same, "{\"a\":1}", "{\"a\":2}")).isInstanceOf(Judgement.Incorrect.class);
    assertThat(judged(same, "{a}", "{b}")).isInstanceOf(Judgement.Incorrect.class);
  }

  @Test
  void withoutAReferenceAnswerNothingIsJudged() {
    assertThat(judged(reference(), null, "Bern")).isInstanceOf(Judgement.NotJudged.class);
    assertThat(reference().judgeFailed(task(null))).isInstanceOf(Judgement.NotJudged.class);
    assertThat(reference().judgeFailed(task("Bern"))).isInstanceOf(Judgement.Incorrect.class);
  }

  @Test
  void aFailedTaskIsIncorrectWhereOutputsAreJudged() {
    assertThat(pattern(".*").judgeFailed(task(null))).isInstanceOf(Judgement.Incorrect.class);
    assertThat(Validation.NONE.judgeFailed(task(null))).isInstanceOf(Judgement.NotJudged.class);
    assertThat(Validation.NONE.judges()).isFalse();
  }

  @Test
  void aBadPatternIsRefused() {
    assertThatThrownBy(() -> pattern("[a-z"))
        .isInstanceOf(BadConfigurationException.class)
        .hasMessageContaining("spec.agent.validation.pattern is no regular expression: Unclosed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: object",
        "[]",
        "{'type': 'objekt'}",
        "{'minLength': 'three'}",
        "{'pattern': '[a-z'}",
        "{'$ref': '#/$defs/missing'}",
        "{'$ref': 'http://localhost:1/schema.json'}",
        "{'$schema': 'http://localhost:1/dialect.json'}",
      })
  void aBadSchemaIsRefused(String schema) {
    assertThatThrownBy(() -> schema(json(schema)))
        .isInstanceOf(BadConfigurationException.class)
        .hasMessageStartingWith("spec.agent.validation.jsonSchema ");
  }
}
