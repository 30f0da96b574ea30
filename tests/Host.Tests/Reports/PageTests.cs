using Amoe.Host.Reports;
using Spectre.Console;

namespace Amoe.Host.Tests.Reports;

public sealed class PageTests
{
    [Fact]
    public void A_name_that_does_not_fit_beside_its_figure_goes_on_below_and_is_not_cut()
    {
        var page = new Page();
        page.Title("Claims");
        page.Count("refunds ordered for students of third-party claims (B11)", 1_234);
        page.Count("deposited", 12);

        Assert.Equal(
            """
            Claims
              refunds ordered for students of third-party
                claims (B11)                           1,234
              deposited                                   12

            """, Written(page));
    }

    [Fact]
    public void A_word_that_is_longer_than_the_column_goes_on_below_too()
    {
        var page = new Page();
        var word = new string('x', 60);
        page.Count(word, 7);

        Assert.Equal(word, string.Concat(Written(page).Where(letter => letter == 'x')));
        Assert.All(Written(page).Split('\n'), line => Assert.True(line.Length <= 48, line));
    }

    private static string Written(Page page)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = 100;
        page.Write(console);
        return text.ToString();
    }
}
