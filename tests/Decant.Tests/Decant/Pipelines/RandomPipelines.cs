using System.Reflection;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Training;

namespace Decant.Tests.Pipelines;

/// <summary>Valid pipelines over every technique, with options drawn over their ranges.</summary>
internal static class RandomPipelines
{
    private static readonly string[] Names =
    [
        "prune",
        "a: b",
        "*",
        "quote\"d",
        "it's",
        "# no comment",
        "tab\there",
        "ü→",
        "null",
        "~",
        "1",
        " blank ",
        "-",
        "true",
    ];

    /// <summary>A pipeline.</summary>
    public static Pipeline Make(Rng rng)
    {
        string[] names = [.. Enumerable.Range(0, 1 + rng.Next(3)).Select(i => $"{Name(rng)}{i}")];
        return new Pipeline
        {
            Name = Name(rng),
            Description = rng.Next(2) == 0 ? "" : $"{Name(rng)} {Name(rng)}",
            HoldOut = rng.Next(3) * 500,
            Preprocessing =
                rng.Next(2) == 0
                    ? null
                    : new Preprocessing
                    {
                        Scale = (float)rng.NextDouble(0.001, 1),
                        Mean = [(float)rng.NextNormal(), 0.1f, 1],
                    },
            Shapes = rng.Next(2) == 0 ? [] : [new RequiredShape(Name(rng), new Shape(1 + rng.Next(9), rng.Next(9)))],
            Stages = [.. names.Select(n => Stage(rng, n))],
        };
    }

    /// <summary>A technique with options drawn, whose options agree.</summary>
    public static Technique Technique(Rng rng, string name)
    {
        Type type = TechniqueCatalogue.Shipped.OptionsOf(name);
        while (true)
        {
            object options = Activator.CreateInstance(type)!;
            Draw(rng, options);
            try
            {
                OptionSchema.Of(type).Check(options);
                return Written(name, options);
            }
            catch (OptionsException)
            {
                // Options that contradict each other: others are drawn.
            }
        }
    }

    private static Technique Written(string name, object options)
    {
        // The technique is made by its own constructor, not by reading what is to be tested.
        Type technique = typeof(Technique)
            .Assembly.GetTypes()
            .Single(t =>
                t is { IsAbstract: false }
                && t.IsSubclassOf(typeof(Technique))
                && (
                    t.GetConstructor([options.GetType()]) is not null
                    || (options is NoOptions && ((Technique?)t.GetConstructor([])?.Invoke([]))?.Name == name)
                )
            );
        return (Technique)(
            options is NoOptions
                ? technique.GetConstructor([])!.Invoke([])
                : technique.GetConstructor([options.GetType()])!.Invoke([options])
        );
    }

    private static PipelineStage Stage(Rng rng, string name)
    {
        string[] techniques = [.. TechniqueCatalogue.Shipped.Names];
        TechniqueUse[] uses =
        [
            .. Enumerable
                .Range(0, rng.Next(4))
                .Select(i => new TechniqueUse($"{name} {i}", Technique(rng, techniques[rng.Next(techniques.Length)]))
                {
                    Weights = [.. Enumerable.Range(0, rng.Next(3)).Select(_ => Name(rng))],
                }),
        ];
        bool trains = uses.Length == 0 || uses.Any(u => u.Technique.NeedsTraining) || rng.Next(2) == 0;
        return new PipelineStage
        {
            Name = name,
            Uses = [.. uses],
            Rounds = 1 + rng.Next(4),
            Training = trains ? Training(rng) : null,
        };
    }

    private static TrainingOptions Training(Rng rng)
    {
        while (true)
        {
            var training = new TrainingOptions();
            Draw(rng, training);
            try
            {
                OptionSchema.Of(typeof(TrainingOptions)).Check(training);
                return training;
            }
            catch (OptionsException)
            {
                // Options that contradict each other: others are drawn.
            }
        }
    }

    private static void Draw(Rng rng, object options)
    {
        foreach (Option option in OptionSchema.Of(options.GetType()).Options)
            if (option.IsRequired || rng.Next(3) == 0)
                option.Set(options, Value(rng, option));
    }

    private static object? Value(Rng rng, Option option)
    {
        if (option.IsNullable && rng.Next(3) == 0)
            return null;
        if (option.Layout == OptionLayout.Family)
            return Member(rng, option.Type);
        if (option.Layout is OptionLayout.Map or OptionLayout.Group)
        {
            object inside = Activator.CreateInstance(option.Type)!;
            Draw(rng, inside);
            return inside;
        }
        if (option.Layout == OptionLayout.List)
            return List(rng, option.Type.GetGenericArguments()[0]);
        return Text(rng, option);
    }

    private static object Member(Rng rng, Type family)
    {
        string[] names = [.. TechniqueCatalogue.Shipped.Families.Names(family)];
        NamedOptions known = TechniqueCatalogue.Shipped.Families.Find(family, "", names[rng.Next(names.Length)]);
        object member = Activator.CreateInstance(known.GetType())!;
        Draw(rng, member);
        return member;
    }

    private static object List(Rng rng, Type element)
    {
        if (element == typeof(string))
            return ValueList.Create<string>([
                .. Enumerable.Range(0, rng.Next(3)).Select(_ => $"{Name(rng)},{Name(rng)}"),
            ]);
        Array values = Enum.GetValues(element);
        MethodInfo create = typeof(RandomPipelines).GetMethod(
            nameof(Some),
            BindingFlags.Static | BindingFlags.NonPublic
        )!;
        return create.MakeGenericMethod(element).Invoke(null, [rng, values])!;
    }

    private static ValueList<T> Some<T>(Rng rng, T[] values) => [.. values.Where(_ => rng.Next(2) == 0)];

    private static object Text(Rng rng, Option option)
    {
        Type type = option.Type;
        double least = option.Range?.Least ?? -1000,
            most = Math.Min(option.Range?.Most ?? 1000, 1e6);
        if (type == typeof(double))
            return rng.Next(4) == 0 ? least : rng.NextDouble(least, most);
        if (type == typeof(int))
            return (int)Math.Min(most, least + rng.Next((int)Math.Min(most - least + 1, 1000)));
        if (type == typeof(bool))
            return rng.Next(2) == 0;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(rng.Next(Enum.GetValues(type).Length))!;
        if (type == typeof(Decant.Techniques.Pruning.Granularity))
            return Decant.Techniques.Pruning.Granularity.Parse(
                ((string[])["row", "block", "2:4", "kernel"])[rng.Next(4)]
            );
        if (type == typeof(Decant.Techniques.Pruning.BlockSize))
            return new Decant.Techniques.Pruning.BlockSize(1 + rng.Next(9), 1 + rng.Next(9));
        return type == typeof(Preprocessing)
            ? new Preprocessing { Scale = (float)rng.NextDouble(0.1, 2), Channels = (ChannelOrder)rng.Next(2) }
            : throw new NotSupportedException($"{type}: say here how one is drawn");
    }

    private static string Name(Rng rng) => Names[rng.Next(Names.Length)];
}
