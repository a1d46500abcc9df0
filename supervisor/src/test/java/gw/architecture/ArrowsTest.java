package gw.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may import whom. The arrows are drawn in docs/architecture.md. */
class ArrowsTest {
    private static final JavaClasses GW =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("gw");

    @Test
    void sharedWordsAndRecordsStandOnTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage("gw.model", "gw.record")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "gw.model", "gw.record")
                .check(GW);
    }

    @Test
    void processesNeverImportEachOther() {
        forbid("gw.worker..", "gw.supervisor..", "gw.sim..");
        forbid("gw.supervisor..", "gw.worker..", "gw.sim..");
        forbid("gw.sim..", "gw.worker..", "gw.supervisor..", "gw.proto..", "gw.record..");
    }

    @Test
    void packagesFormNoCycles() {
        for (String process : new String[] {"worker", "supervisor", "sim"}) {
            slices().matching("gw." + process + ".(*)..").should().beFreeOfCycles().check(GW);
        }
    }

    @Test
    void socketCodecAndEnvelopeKnowNothingOfTheShard() {
        forbid(
                "gw.worker.envelope..",
                "gw.worker.codec..",
                "gw.worker.socket..",
                "gw.worker.shard..",
                "gw.worker.link..",
                "io.netty..",
                "io.grpc..");
        forbid(
                "gw.worker.codec..",
                "gw.worker.socket..",
                "gw.worker.shard..",
                "gw.worker.link..",
                "gw.worker.envelope..",
                "io.grpc..");
        forbid(
                "gw.worker.socket..",
                "gw.worker.shard..",
                "gw.worker.link..",
                "gw.worker.envelope..",
                "io.grpc..");
    }

    @Test
    void theShardKnowsNeitherNettyNorGrpc() {
        forbid("gw.worker.shard..", "io.netty..", "io.grpc..", "gw.worker.link..");
    }

    @Test
    void theLinkKnowsNoSockets() {
        forbid(
                "gw.worker.link..",
                "gw.worker.socket..",
                "gw.worker.codec..",
                "gw.worker.envelope..");
    }

    @Test
    void theLogNeverImportsDelivery() {
        forbid(
                "gw.supervisor.log..",
                "gw.supervisor.delivery..",
                "gw.supervisor.link..",
                "gw.supervisor.fleet..",
                "io.netty..",
                "io.grpc..");
    }

    @Test
    void deliveryReadsTheLogAndNothingElse() {
        forbid(
                "gw.supervisor.delivery..",
                "gw.supervisor.link..",
                "gw.supervisor.fleet..",
                "gw.supervisor.plan..",
                "gw.supervisor.identify..",
                "gw.supervisor.shards..",
                "gw.supervisor.control..",
                "gw.supervisor.cli..",
                "io.grpc..");
        noClasses()
                .that()
                .resideInAPackage("gw.supervisor.delivery")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.handler..", "gw.supervisor.delivery.http..")
                .check(GW);
    }

    @Test
    void planAndIdentifyAreFreeOfTransport() {
        forbid(
                "gw.supervisor.identify..",
                "io.netty..",
                "io.grpc..",
                "gw.supervisor.link..",
                "gw.supervisor.fleet..",
                "gw.supervisor.cli..");
        forbid(
                "gw.supervisor.plan..",
                "io.netty..",
                "io.grpc..",
                "gw.supervisor.link..",
                "gw.supervisor.fleet..",
                "gw.supervisor.cli..");
    }

    @Test
    void onlyTheCommandLineKnowsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "gw.supervisor.cli..", "gw.supervisor.config..", "gw.sim.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(GW);
        forbid(
                "gw.supervisor.config..",
                "gw.supervisor.link..",
                "gw.supervisor.fleet..",
                "gw.supervisor.delivery..",
                "io.netty..",
                "io.grpc..");
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
    void thereIsNoStaticMutableState() {
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

    private static void forbid(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .allowEmptyShould(true)
                .check(GW);
    }
}
