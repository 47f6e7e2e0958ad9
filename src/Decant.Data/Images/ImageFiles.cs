using System.Collections.Immutable;
using System.Globalization;
using Decant.Core;

namespace Decant.Data;

/// <summary>Image files in an order, each with its class where classes are known.</summary>
/// <param name="Paths">The files.</param>
/// <param name="Labels">The class of each; empty where none are known.</param>
/// <param name="Classes">The names of the classes; empty where there are none or they are numbers.</param>
/// <param name="Count">How many classes there are.</param>
/// <param name="Notes">What was left out or guessed.</param>
internal sealed record ImageFiles(
    ImmutableArray<string> Paths,
    ImmutableArray<int> Labels,
    ImmutableArray<string> Classes,
    int Count,
    ImmutableArray<string> Notes
)
{
    private static readonly string[] TestNames = ["test", "val", "validation"];

    /// <summary>
    /// The images of a folder: of its folders train and test (val, validation) the one that is asked for; a folder of
    /// each class, whose names in order are the classes; or images without classes. Images of classes come in turns, so
    /// that the first few are of many classes.
    /// </summary>
    /// <exception cref="DataException">There are none, or images lie beside folders of images.</exception>
    public static ImageFiles OfFolder(string folder, DatasetPart part)
    {
        var notes = new List<string>();
        folder = PartOf(folder, part, notes);
        string[] files = FilesOf(folder, SearchOption.TopDirectoryOnly),
            images = ImagesOf(files);
        string[][] classes = [.. FoldersOf(folder).Select(f => FilesOf(f, SearchOption.AllDirectories))];
        string[] names = [.. FoldersOf(folder).Select(f => Path.GetFileName(f))];
        string[][] members = [.. classes.Select(ImagesOf)];
        bool hasClasses = members.Any(m => m.Length > 0);
        if (images.Length > 0 && hasClasses)
            throw new DataException(
                $"{folder} holds images and folders of images, such as {Path.GetFileName(images[0])} and "
                    + $"{names[Array.FindIndex(members, m => m.Length > 0)]}: images without classes, or a folder for "
                    + "each class, would work"
            );
        if (images.Length == 0 && !hasClasses)
            throw new DataException($"{folder} holds no images: .jpg, .png, .webp and .bmp files are looked for");
        string[] others = [.. files.Concat(hasClasses ? classes.SelectMany(c => c) : []).Where(f => !IsImage(f))];
        if (others.Length > 0)
            notes.Add($"{folder}: {others.Length} files are no images and are left out, such as {others[0]}");
        if (!hasClasses)
            return new([.. images], [], [], 0, [.. notes]);
        string[] empty = [.. names.Where((_, i) => members[i].Length == 0)];
        if (empty.Length > 0)
            notes.Add($"{folder}: {string.Join(", ", empty)} hold no images and are classes all the same");
        var turns = members
            .SelectMany((m, c) => m.Select((path, turn) => (path, turn, Class: c)))
            .OrderBy(e => e.turn)
            .ThenBy(e => e.Class)
            .ToArray();
        return new(
            [.. turns.Select(t => t.path)],
            [.. turns.Select(t => t.Class)],
            [.. names],
            names.Length,
            [.. notes]
        );
    }

    /// <summary>The images that a .csv or .jsonl file lists; paths are relative to it.</summary>
    /// <exception cref="DataException">A line is not understood, or some have a class and others none.</exception>
    public static ImageFiles OfList(string path)
    {
        ImageList list = ImageList.Read(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        ImmutableArray<string> paths = [.. list.Paths.Select(p => Path.Combine(folder, p))];
        if (list.Labels.Count == 0)
            return new(paths, [], [], 0, [.. list.Notes]);
        if (list.Labels.TrueForAll(l => IndexOf(l) is not null))
        {
            ImmutableArray<int> numbers = [.. list.Labels.Select(l => IndexOf(l)!.Value)];
            return new(paths, numbers, [], numbers.Max() + 1, [.. list.Notes]);
        }
        string[] names = [.. list.Labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new(
            paths,
            [.. list.Labels.Select(l => Array.BinarySearch(names, l, StringComparer.Ordinal))],
            [.. names],
            names.Length,
            [.. list.Notes]
        );
    }

    /// <summary>The files at some places.</summary>
    public ImageFiles Take(int[] indices) =>
        this with
        {
            Paths = [.. indices.Select(i => Paths[i])],
            Labels = Labels.IsEmpty ? [] : [.. indices.Select(i => Labels[i])],
        };

    /// <summary>Whether a folder holds images, or folders of images.</summary>
    public static bool AreIn(string folder) =>
        Listed(folder, () => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(IsImage));

    private static string PartOf(string folder, DatasetPart part, List<string> notes)
    {
        string[] folders = FoldersOf(folder);
        string? train = Array.Find(folders, f => Path.GetFileName(f) == "train"),
            test = Array.Find(folders, f => TestNames.Contains(Path.GetFileName(f)));
        if (train is null || test is null || folders.Length > 3)
            return folder;
        string taken = part == DatasetPart.Train ? train : test;
        notes.Add($"{folder} has parts: {Path.GetFileName(taken)} is taken");
        return taken;
    }

    private static bool IsImage(string path) => ImageDecoder.IsOne(path);

    private static string[] ImagesOf(string[] files) => [.. files.Where(IsImage)];

    private static string[] FoldersOf(string folder) =>
        [.. Listed(folder, () => Directory.GetDirectories(folder)).Where(IsShown).Order(StringComparer.Ordinal)];

    private static string[] FilesOf(string folder, SearchOption depth) =>
        [.. Listed(folder, () => Directory.GetFiles(folder, "*", depth)).Where(IsShown).Order(StringComparer.Ordinal)];

    private static bool IsShown(string path) => !Path.GetFileName(path).StartsWith('.');

    private static T Listed<T>(string folder, Func<T> list)
    {
        try
        {
            return list();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot read the folder {folder}: {e.Message}", e);
        }
    }

    private static int? IndexOf(string label) =>
        int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < int.MaxValue
            ? index
            : null;
}
