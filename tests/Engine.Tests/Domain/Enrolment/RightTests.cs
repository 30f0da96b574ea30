using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>
/// The beginning and the length of an entitlement period, and the platform's answers (D4, D5, D7, D8).
/// </summary>
public sealed class RightTests
{
    [Fact]
    public void D4_benefits_open_on_the_day_of_the_notice_of_acceptance() => new Story()
        .Given(Declares("2023-09-10"), Forwards("2023-09-20"), Transmits("2023-09-25"))
        .When(AnamFinds("2023-10-05"))
        .Then(new ApplicationAccepted(2023, Day("2023-10-05"), Day("2024-07-31"), Day("2025-01-31"), null))
        .IsNotEntitledOn("2023-10-04", Reason.CareBeforeRight)
        .IsEntitledOn("2023-10-05", "2024-07-31");

    [Fact]
    public void D4_S5_claims_are_notified_of_the_first_day_of_an_entitlement_period_and_of_no_day_covered_before() =>
        new Story()
            .Given(Declares("2023-09-10"), Forwards("2023-09-20"), Transmits("2023-09-25"))
            .When(AnamFinds("2023-10-05")).ThenClaimsAreNotified("2023-10-05")
            .Given(Declares("2024-09-10", year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"))
            .When(AnamFinds("2024-10-05")).ThenClaimsAreNotifiedNothing()
            .Given(Declares("2025-09-10", year: 2025), Forwards("2025-09-20"), Transmits("2025-09-25"))
            .When(AnamFinds("2026-03-05")).ThenClaimsAreNotified("2026-03-05", "2027-01-31");

    [Fact]
    public void D8_the_right_is_kept_in_grace_to_31_January_that_day_included() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .IsEntitledOn("2024-08-01", "2025-01-31")
        .IsNotEntitledOn("2025-02-01", Reason.CareAfterRight);

    [Fact]
    public void D8_the_right_lapses_on_the_day_after_grace_and_not_before() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .Until("2025-01-31").ThenFell()
        .Until("2025-02-01").ThenFell(new RightLapsed(2023, Day("2025-02-01")))
        .Until("2026-12-31").ThenFell()
        .IsEntitledOn("2025-01-31")
        .IsNotEntitledOn("2025-02-01", Reason.CareAfterRight);

    [Fact]
    public void T8_last_years_registrants_open_the_year_in_their_grace() => new Story()
        .When(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .Then(new RegistrationCarriedOver(Public(), 2022, Day("2022-11-20"), Day("2023-07-31"), Day("2024-01-31")))
        .IsNotEntitledOn("2022-11-19", Reason.CareBeforeRight)
        .IsEntitledOn("2022-11-20", "2023-09-01", "2024-01-31")
        .IsNotEntitledOn("2024-02-01", Reason.CareAfterRight)
        .When(CarriesOver("2023-09-02", "2022-11-20", 2022)).ThenRefused(Reason.AlreadyRegistered);

    [Fact]
    public void T8_what_is_carried_over_comes_before_anything_else_is_known() => new Story()
        .Given(Declares("2023-09-01", coverage: CoverageKind.Cnss))
        .When(CarriesOver("2023-09-02", "2022-11-20", 2022)).ThenRefused(Reason.AlreadyRegistered);

    [Fact]
    public void D4_D7_a_renewal_accepted_before_the_right_ended_covers_care_from_the_academic_years_start() =>
        new Story()
            .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
            .Given(Declares("2023-09-10"), Forwards("2023-10-01"), Transmits("2023-10-02"))
            .When(AnamFinds("2024-01-31"))
            .Then(new ApplicationAccepted(2023, Day("2023-09-01"), Day("2024-07-31"), Day("2025-01-31"), null))
            .IsEntitledOn("2022-11-20", "2023-08-31", "2023-09-01", "2024-02-01", "2025-01-31");

    [Fact]
    public void D4_D7_a_renewal_accepted_after_grace_opens_on_the_day_of_the_notice() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .Given(Declares("2023-09-10"), Forwards("2023-10-01"), Transmits("2023-10-02"))
        .When(AnamFinds("2024-02-01"))
        .Then(new ApplicationAccepted(2023, Day("2024-02-01"), Day("2024-07-31"), Day("2025-01-31"), null));

    [Fact]
    public void D4_a_late_renewal_leaves_the_gap_between_the_two_rights() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .Given(IsAccepted("2024-03-10"))
        .IsEntitledOn("2024-01-31", "2024-03-10")
        .IsNotEntitledOn("2022-11-19", Reason.CareBeforeRight)
        .IsNotEntitledOn("2024-02-15", Reason.CareAfterRight)
        .IsNotEntitledOn("2024-03-09", Reason.CareAfterRight);

    [Fact]
    public void D4_a_renewal_accepted_in_summer_takes_over_on_the_day_of_the_notice() => new Story()
        .Given(CarriesOver("2023-07-01", "2022-11-20", 2022))
        .Given(IsAccepted("2023-08-20"))
        .IsEntitledOn("2023-08-19", "2023-08-20", "2025-01-31");

    [Fact]
    public void D8_a_right_that_a_renewal_took_over_lapses_no_more() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .Given(IsAccepted("2023-11-10"))
        .Until("2025-01-31").ThenFell()
        .Until("2025-02-01").ThenFell(new RightLapsed(2023, Day("2025-02-01")));

    // A student registered in November who declared other coverage and applied again in the same year was given care
    // from 1 September on.
    [Fact]
    public void D4_applying_again_in_the_same_year_is_no_renewal_and_opens_nothing_backwards()
    {
        var story = new Story()
            .Given(IsAccepted("2023-11-15"))
            .Given(Declares("2024-01-10", coverage: CoverageKind.Cnss))
            .Given(IsAccepted("2024-03-01"));
        story.IsNotEntitledOn("2023-09-01", Reason.CareBeforeRight)
            .IsNotEntitledOn("2023-11-14", Reason.CareBeforeRight)
            .IsEntitledOn("2023-11-15", "2024-01-09", "2024-03-01", "2025-01-31")
            .IsNotEntitledOn("2024-02-29", Reason.SuspendedForOtherCoverage);
    }

    [Fact]
    public void D7_a_university_re_sends_the_file_of_a_student_registered_before() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .When(Resends("2023-10-01", 2023)).Then(new RegistrationResent(2023, Day("2023-10-01")))
        .Given(Transmits("2023-10-05"))
        .When(AnamFinds("2023-10-20")).Then(
            new ApplicationAccepted(2023, Day("2023-09-01"), Day("2024-07-31"), Day("2025-01-31"), null));

    [Fact]
    public void D7_a_student_never_registered_or_with_an_application_of_his_own_is_not_re_sent() => new Story()
        .When(Resends("2023-10-01", 2023)).ThenRefused(Reason.NeverRegistered)
        .Given(Declares("2023-09-10"))
        .When(Resends("2023-10-01", 2023)).ThenRefused(Reason.NeverRegistered)
        .Given(Forwards("2023-10-01"), Transmits("2023-10-01"), AnamFinds("2023-10-10"))
        .When(Resends("2023-10-20", 2023)).ThenRefused(Reason.AlreadyForwarded);

    // The university's list used to overrule the student's own declaration of the same year.
    [Fact]
    public void D1_D7_a_re_sent_file_does_not_make_an_application_of_a_declaration_of_other_coverage() => new Story()
        .Given(CarriesOver("2023-08-01", "2022-11-20", 2022))
        .Given(Declares("2023-09-10", coverage: CoverageKind.Cnops))
        .When(Resends("2023-10-01", 2023)).ThenRefused(Reason.NoApplication)
        .When(Resends("2024-10-01", 2024)).ThenOutcome(Outcome.Done);

    [Fact]
    public void D5_the_platform_answers_whether_he_is_entitled_on_a_date_and_why_not()
    {
        var story = new Story().Given(IsAccepted("2023-10-05"));
        Assert.Equal(new EntitlementAnswer(true, Reason.None, Day("2024-07-31")), Ask(story, "2023-10-05"));
        Assert.Equal(new EntitlementAnswer(false, Reason.CareBeforeRight, null), Ask(story, "2023-10-04"));
        Assert.Equal(new EntitlementAnswer(true, Reason.None, null), Ask(story, "2024-08-01"));
        Assert.Equal(new EntitlementAnswer(false, Reason.CareAfterRight, null), Ask(story, "2025-02-01"));
        Assert.Equal(new EntitlementAnswer(false, Reason.NeverEntitled, null), Ask(new Story(), "2023-10-05"));
    }

    [Fact]
    public void D5_a_question_leaves_no_event() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .When(AsksEntitlement("2023-10-05", "2023-12-01")).ThenNothing().ThenOutcome(Outcome.Answered);

    [Fact]
    public void D5_the_certificate_runs_to_the_end_of_the_academic_year_and_not_into_grace() => new Story()
        .When(AsksCertificate("2023-10-01")).ThenRefused(Reason.NoRightToCertify)
        .Given(IsAccepted("2023-10-05"))
        .When(AsksCertificate("2023-10-05")).Then(new CertificateIssued(Day("2024-07-31")))
        .When(AsksCertificate("2024-07-31")).Then(new CertificateIssued(Day("2024-07-31")))
        .When(AsksCertificate("2024-08-01")).ThenRefused(Reason.NoRightToCertify)
        .Given(IsAccepted("2024-10-01", year: 2024))
        .When(AsksCertificate("2024-10-02")).Then(new CertificateIssued(Day("2025-07-31")));

    [Fact]
    public void D5_a_suspended_student_gets_no_certificate() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .Given(HasOtherCoverage("2023-11-01", known: "2023-12-01"))
        .When(AsksCertificate("2023-12-02")).ThenRefused(Reason.NoRightToCertify);

    private static object? Ask(Story story, string on) => story.When(AsksEntitlement(on, "2023-12-01")).Answer;
}
