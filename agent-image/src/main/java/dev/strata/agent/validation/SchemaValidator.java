package dev.strata.agent.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import dev.strata.agent.BadConfigurationException;
import dev.strata.protocol.Messages;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The output is JSON that satisfies a schema. Nothing that the schema names is fetched. */
final class SchemaValidator implements Validator {
  private static final String FIELD = "spec.agent.validation.jsonSchema";
  private static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

  private final ObjectReader json =
      Messages.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private final Schema schema;

  /**
   * @throws BadConfigurationException when it is no schema
   */
  SchemaValidator(String text) {
    JsonNode written = read(text);
    try {
      SchemaRegistry registry = registry();
      checkAgainstItsDialect(registry, written);
      this.schema = registry.getSchema(written);
      // Otherwise what cannot be resolved or compiled is found by the first task.
      schema.initializeValidators();
    } catch (SchemaException | PatternSyntaxException e) {
      throw new BadConfigurationException(
          FIELD
              + " cannot be used: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }

  private JsonNode read(String text) {
    try {
      JsonNode written = json.readTree(text);
      if (written.isObject()) {
        return written;
      }
    } catch (JsonProcessingException e) {
      throw new BadConfigurationException(
          FIELD + " is no JSON: " + e.getOriginalMessage() + "; write a JSON Schema", e);
    }
    throw new BadConfigurationException(
        FIELD + " is no JSON object; write a JSON Schema such as {\"type\": \"object\"}");
  }

  private static SchemaRegistry registry() {
    var config =
        SchemaRegistryConfig.builder()
            .locale(Locale.ENGLISH)
            .failFast(true)
            .regularExpressionFactory(SchemaValidator::expression)
            .build();
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
  }

  private static void checkAgainstItsDialect(SchemaRegistry registry, JsonNode written) {
    String named =
        written.path("$schema").asText(SpecificationVersion.DRAFT_2020_12.getDialectId());
    List<Error> errors = registry.getSchema(SchemaLocation.of(named)).validate(written);
    if (!errors.isEmpty()) {
      throw new SchemaException(sentence(errors));
    }
  }

  /** As the library's own for java.util.regex, but in time. */
  private static RegularExpression expression(String text) {
    Pattern pattern =
        Pattern.compile(
            RegularExpressions.replaceLongformCharacterProperties(
                RegularExpressions.replaceDollarAnchors(text)));
    return value ->
        DEADLINE.isBound() ? DEADLINE.get().finds(pattern, value) : pattern.matcher(value).find();
  }

  @Override
  public Judgement judge(Answer answer) {
    try {
      JsonNode tree = json.readTree(answer.output());
      List<Error> errors =
          ScopedValue.where(DEADLINE, new Deadline()).call(() -> schema.validate(tree));
      return errors.isEmpty()
          ? new Judgement.Correct()
          : new Judgement.Incorrect("the output does not satisfy the schema: " + sentence(errors));
    } catch (JsonProcessingException e) {
      return new Judgement.Incorrect("the output is no JSON: " + e.getOriginalMessage());
    } catch (Deadline.Passed e) {
      return new Judgement.Incorrect("the schema could not be checked: " + e.getMessage());
    } catch (StackOverflowError e) {
      return new Judgement.Incorrect(
          "the schema could not be checked: the output is nested too deep");
    } catch (RuntimeException e) {
      // Foreign code: its mistake says nothing of the output, and lowers the coverage of judging.
      return new Judgement.NotJudged();
    }
  }

  private static String sentence(List<Error> errors) {
    Error first = errors.getFirst();
    return (first.getInstanceLocation() + " " + first.getMessage()).strip();
  }
}
