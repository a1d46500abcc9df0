package gw.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who may import whom: docs/architecture.md draws the arrows, and this test reads them there. */
class ArrowsTest {
    private static final JavaClasses GW =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("gw");

    private static final Map<String, String[]> LIBRARIES =
            Map.of(
                    "grpc",
                    new String[] {"io.grpc..", "com.google.common.."},
                    "jackson",
                    new String[] {"tools.jackson.."},
                    "jackson-core",
                    new String[] {"tools.jackson.core.."},
                    "netty",
                    new String[] {"io.netty.."},
                    "netty-util",
                    new String[] {"io.netty.util.."},
                    "picocli",
                    new String[] {"picocli.."},
                    "protobuf",
                    new String[] {"com.google.protobuf.."},
                    "zstd",
                    new String[] {"com.github.luben.zstd.."});

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(gw[a-z.]*)` \\| ([^|]*) \\| ([^|]*) \\|$");

    @ParameterizedTest(name = "{0}")
    @MethodSource("arrows")
    void importsNothingButWhatTheManualDraws(String from, List<String> allowed) {
        classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(new String[0]))
                .check(GW);
    }

    @Test
    void everyPackageIsDrawn() throws IOException {
        assertThat(arrows().map(arrow -> arrow.get()[0]))
                .containsExactlyInAnyOrderElementsOf(
                        GW.stream()
                                .map(JavaClass::getPackageName)
                                .filter(name -> !name.startsWith("gw.proto"))
                                .collect(Collectors.toSet()));
    }

    static Stream<Arguments> arrows() throws IOException {
        return ROW.matcher(Files.readString(Path.of("../docs/architecture.md")))
                .results()
                .map(row -> Arguments.of(row.group(1), allowed(row)));
    }

    private static List<String> allowed(MatchResult row) {
        List<String> allowed = new ArrayList<>(List.of(row.group(1)));
        allowed.addAll(
                List.of(
                        "java..",
                        "javax..",
                        "com.sun.security.auth..",
                        "com.sun.management..",
                        "org.jspecify.."));
        words(row.group(2)).map(name -> name.replace("`", "")).forEach(allowed::add);
        words(row.group(3))
                .map(name -> Objects.requireNonNull(LIBRARIES.get(name), name))
                .forEach(packages -> allowed.addAll(List.of(packages)));
        return allowed;
    }

    private static Stream<String> words(String cell) {
        return cell.equals("-") ? Stream.empty() : Stream.of(cell.split(", "));
    }

    @Test
    void packagesFormNoCycles() {
        for (String process : new String[] {"worker", "supervisor", "sim"}) {
            slices().matching("gw." + process + ".(*)..").should().beFreeOfCycles().check(GW);
        }
    }

    @Test
    void nothingIsCalledAfterNothing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("gw.proto..")
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..manager..")
                .check(GW);
    }

    @Test
    void noStaticFieldIsNotFinal() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("gw.proto..")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(GW);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .resideOutsideOfPackage("gw.proto..")
                .should(
                        ArchCondition.from(
                                describe(
                                        "be in a package that is @NullMarked",
                                        (JavaClass type) ->
                                                type.getPackage()
                                                        .isAnnotatedWith(NullMarked.class))))
                .check(GW);
    }
}
