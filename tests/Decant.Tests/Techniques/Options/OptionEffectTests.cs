using Decant.Data;
using Decant.Techniques;
using Decant.Tests.Runs;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.OptionTests;

/// <summary>Every option of techniques and of training is read: another value of it makes another network.</summary>
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

    public static TheoryData<string, string, string> Trainings() =>
        new()
        {
            { "batch: 20", "epochs: 1", "epochs: 2" },
            { "epochs: 1", "batch: 20", "batch: 50" },
            { "epochs: 1", "optimizer: adam", "optimizer: sgd" },
            { "epochs: 1", "learning-rate: 0.001", "learning-rate: 0.01" },
            { "epochs: 1", "schedule: cosine", "schedule: linear" },
            { "epochs: 1", "warm-up: 0", "warm-up: 0.5" },
            { "epochs: 1, optimizer: sgd", "momentum: 0.9", "momentum: 0" },
            { "epochs: 1", "weight-decay: 0", "weight-decay: 0.1" },
            { "epochs: 1", "loss: cross-entropy", "loss: squared-hinge" },
            { "epochs: 1", "label-smoothing: 0", "label-smoothing: 0.1" },
            { "epochs: 1", "mix-up: 0", "mix-up: 1" },
            { "epochs: 1", "augment: {shift: 1}", "augment: {shift: 2}" },
            { "epochs: 1", "augment: {flip: false}", "augment: {flip: true}" },
            { "epochs: 1", "augment: {rotate: 5}", "augment: {rotate: 50}" },
            { "epochs: 1", "augment: {scale: 0.1}", "augment: {scale: 0.5}" },
            { "epochs: 1", "augment: {elastic-alpha: 1}", "augment: {elastic-alpha: 30}" },
            { "epochs: 1", "augment: {elastic-alpha: 30}", "augment: {elastic-alpha: 30, elastic-sigma: 1}" },
        };

    [SkippableTheory]
    [MemberData(nameof(Trainings))]
    public void AnotherWayToTrainMakesAnotherNetwork(string with, string option, string other)
    {
        Skip.If(LibTorch.Problem is not null, LibTorch.Problem);
        Assert.NotEqual(Trained(option), Trained(other));

        byte[] Trained(string value) =>
            TinyRun.Run(TinyRun.Options(null), $"{{recipe: train, stages: [{{name: train, {with}, {value}}}]}}").Bytes;
    }

    [Fact]
    public void EveryOptionOfTrainingIsTried()
    {
        string[] tried = [.. Trainings().Select(t => $"{t[1]}")];
        string[] augmented =
        [
            .. OptionSchema
                .Of(typeof(Augmentation))
                .Options.SelectMany(o =>
                    o.Prefix is { } prefix ? OptionSchema.Of(o.Type).Keys.Select(k => prefix + k) : [o.Key]
                ),
        ];
        Assert.Equal(
            OptionSchema.Of(typeof(TrainingOptions)).Keys.Order(StringComparer.Ordinal),
            tried.Select(t => t.Split(':')[0]).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(augmented, key => Assert.Contains(Trainings(), t => $"{t[1]}{t[2]}".Contains($"{key}:")));
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
