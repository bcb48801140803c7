using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Maintains the reference counts of strings in columns: one reference per stored value.</summary>
internal sealed class StringReferenceCounts(TextTable texts)
{
    private readonly TreePath _path = new();

    public void Hold(ColumnLayout column, long key)
    {
        if (column.Plan.Storage == ColumnStorage.Text)
        {
            texts.Hold(texts[key]);
        }
    }

    public void Release(ColumnLayout column, long key)
    {
        if (column.Plan.Storage == ColumnStorage.Text)
        {
            texts.Release(key);
        }
    }

    /// <summary>Releases the strings of the first events of a leaf.</summary>
    public void Release(Leaf leaf, int events)
    {
        foreach (var column in leaf.Layout.Columns)
        {
            if (column.Plan.Storage != ColumnStorage.Text)
            {
                continue;
            }

            var values = leaf.Column(column.Ordinal);
            for (var i = 0; i < events; i++)
            {
                if (!values.IsMissing(i))
                {
                    texts.Release(values.Key(i));
                }
            }
        }
    }

    /// <summary>Releases the strings of all events of an entity's timeline.</summary>
    public void Release(KindState kind, int entity, int timeline)
    {
        var walk = kind.Trees[timeline].Walk;
        if (!kind.Layout.Timelines[timeline].HasTexts || !walk.TryFirst(entity, _path))
        {
            return;
        }

        do
        {
            Release(walk.LeafOf(_path), walk.LeafOf(_path).Count);
        }
        while (walk.StepOn(_path));
    }
}
