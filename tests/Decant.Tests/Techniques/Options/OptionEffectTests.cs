using Decant.Techniques;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Techniques.OptionTests;

/// <summary>Every option of every technique is read: another value of it makes another network.</summary>
[Collection("libtorch")]
public sealed class OptionEffectTests
{
    public static TheoryData<string> Cases() => [.. OptionCases.All.Select(c => c.ToString())];

    public static TheoryData<string> Techniques() => [.. OptionCases.All.Select(c => c.Technique).Distinct()];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void AnotherValueMakesAnotherNetwork(string name)
    {
        OptionCase tried = OptionCases.All.Single(c => c.ToString() == name);
        SkipWithoutTorch(tried);
        Assert.NotEqual(tried.Run(other: false), tried.Run(other: true));
    }

    /// <summary>Else anything would make another network.</summary>
    [SkippableTheory]
    [MemberData(nameof(Techniques))]
    public void TheSameValueMakesTheSame(string technique)
    {
        OptionCase tried = OptionCases.All.First(c => c.Technique == technique);
        SkipWithoutTorch(tried);
        Assert.Equal(tried.Run(other: false), tried.Run(other: false));
    }

    [Fact]
    public void EveryOptionIsTried()
    {
        TechniqueCatalogue catalogue = TechniqueCatalogue.Shipped;
        var missing = new List<string>();
        foreach (string technique in catalogue.Names)
        foreach (Option option in OptionSchema.Of(catalogue.OptionsOf(technique)).Options)
        {
            if (!OptionCases.All.Any(c => c.Technique == technique && c.Key == option.Key))
                missing.Add($"{technique}: {option.Key}");
            if (option.Layout != OptionLayout.Family)
                continue;
            foreach (string member in catalogue.Families.Names(option.Type))
            foreach (string key in OptionSchema.Of(catalogue.Families.Find(option.Type, "", member).GetType()).Keys)
                if (!OptionCases.All.Any(c => c.ValueOf(option.Key) == member && c.Key == key))
                    missing.Add($"{option.Key}: {member}, {key}");
        }
        Assert.Empty(missing.Distinct());
    }

    private static void SkipWithoutTorch(OptionCase tried) =>
        Skip.If(LibTorch.Problem is not null && tried.Recipe(other: false).NeedsTorch, LibTorch.Problem);
}
