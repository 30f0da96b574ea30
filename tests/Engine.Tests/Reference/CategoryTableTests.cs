using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Reference;

/// <summary>D2's table, row by row.</summary>
public sealed class CategoryTableTests
{
    [Theory]
    [InlineData(Category.PublicUniversity, DeclarationChannel.UniversitySite, true, false, true)]
    [InlineData(Category.PublicHigherEducation, DeclarationChannel.CmeEnssup, true, false, true)]
    [InlineData(Category.PublicPreparatory, DeclarationChannel.CmeEnssup, true, false, true)]
    [InlineData(Category.PublicTraditional, DeclarationChannel.CmeEnssup, true, false, true)]
    [InlineData(Category.PrivateHigherEducation, DeclarationChannel.CmeEnssup, true, false, true)]
    [InlineData(Category.PrivatePreparatory, DeclarationChannel.CmeEnssup, true, false, true)]
    [InlineData(Category.PrivateTraditional, DeclarationChannel.CmeEnssup, true, false, true)]
    [InlineData(Category.Ofppt, DeclarationChannel.InscriptionOfppt, false, true, false)]
    [InlineData(Category.PrivateVocational, DeclarationChannel.CmeAnam, false, false, true)]
    [InlineData(Category.MinistryVocational, DeclarationChannel.CmeAnam, false, false, true)]
    public void D2_a_category_declares_on_its_channel_and_hands_in_claims_at_its_desks(
        Category category, DeclarationChannel channel, bool onousc, bool ofppt, bool fund)
    {
        Assert.Equal(channel, DeclarationChannels.ChannelOf(category));
        Assert.Equal(onousc, ClaimDesks.Accepts(category, DeskNetwork.Onousc));
        Assert.Equal(ofppt, ClaimDesks.Accepts(category, DeskNetwork.Ofppt));
        Assert.Equal(fund, ClaimDesks.Accepts(category, DeskNetwork.Fund));
    }

    [Fact]
    public void What_is_no_category_or_no_network_is_accepted_nowhere()
    {
        Assert.False(ClaimDesks.Accepts(Category.None, DeskNetwork.Fund));
        Assert.False(ClaimDesks.Accepts((Category)99, DeskNetwork.Fund));
        Assert.False(ClaimDesks.Accepts(Category.Ofppt, DeskNetwork.None));
        Assert.False(ClaimDesks.Accepts(Category.Ofppt, (DeskNetwork)35));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeclarationChannels.ChannelOf(Category.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeclarationChannels.ChannelOf((Category)99));
    }

    [Theory]
    [InlineData(DeclarationChannel.UniversitySite, null)]
    [InlineData(DeclarationChannel.CmeEnssup, "cme.enssup.gov.ma")]
    [InlineData(DeclarationChannel.InscriptionOfppt, "www.inscription-ofppt.ma")]
    [InlineData(DeclarationChannel.CmeAnam, "cme.anam.ma")]
    public void D2_a_channel_has_its_site(DeclarationChannel channel, string? site) =>
        Assert.Equal(site, DeclarationChannels.SiteOf(channel));

    [Theory]
    [InlineData("  - { category: ofppt, declares_at: cme_anam, claims_at: [ofppt] }\n", "is missing")]
    [InlineData(
        "  - { category: ofppt, declares_at: cme_anam, claims_at: [ofppt] }\n  - { category: ofppt, declares_at: cme_anam, claims_at: [fund] }\n",
        "category 'ofppt' is there twice")]
    [InlineData("  - { category: ofppt, declares_at: fax, claims_at: [ofppt] }\n", "unknown name 'fax'")]
    public void A_table_with_a_slip_is_refused(string rows, string cause) => Assert.Contains(
        cause,
        Assert.Throws<InvalidDataException>(() =>
            CategoryTable.Read("mine.yaml", "categories:\n" + rows + "sites: {}\n")).Message,
        StringComparison.Ordinal);
}
